// Where the two stores are: `--metadata`, `--blobs` and the places of storage classes.
import { resolve } from 'node:path';
import type { BlobPlace, FilesPlace, LmdbPlace, PostgresPlace } from './config.ts';
import { readPostgresUrl } from './postgres-url.ts';
import { readRadosUrl } from './rados-url.ts';
import { ConfigError } from './sources.ts';

/** `fallback`: the folder under the data directory. */
type Context = { readonly label: string; readonly fallback: string; readonly cwd: string };

export function readMetadataPlace(text: string | undefined, context: Context): LmdbPlace | PostgresPlace {
  const { label, cwd } = context;
  if (text !== undefined && /^postgres(ql)?:/.test(text)) return readPostgresUrl(text, label, cwd);
  const path = folderOf(text ?? 'lmdb:', 'lmdb', context);
  if (path !== null) return { kind: 'lmdb', path };
  throw new ConfigError(`${label}: must be lmdb:, lmdb:PATH or postgres://…`);
}

export function readBlobPlace(text: string | undefined, context: Context): BlobPlace {
  const place = readGivenPlace(text ?? 'files:', context);
  if (place !== null) return place;
  throw new ConfigError(`${context.label}: must be files:, files:PATH or rados://POOL`);
}

/** null: neither a folder nor a pool. */
export function readGivenPlace(text: string, context: Context): FilesPlace | BlobPlace | null {
  if (text.startsWith('rados:')) return readRadosUrl(text, context.label, context.cwd);
  const path = folderOf(text, 'files', context);
  return path === null ? null : { kind: 'files', path };
}

function folderOf(text: string, scheme: string, { fallback, cwd }: Context): string | null {
  if (text === scheme || text === `${scheme}:`) return fallback;
  return text.startsWith(`${scheme}:`) ? resolve(cwd, text.slice(scheme.length + 1)) : null;
}
