// Which storage classes there are and where each keeps its bytes.
import { resolve } from 'node:path';
import type { StorageClassConfig } from './config.ts';
import type { Sources } from './sources.ts';
import { ConfigError } from './sources.ts';

/** Gold, Instant Archive, Archive. */
const BUILT_IN: readonly string[] = ['STANDARD', 'STANDARD_IA', 'DEEP_ARCHIVE'];

type Given = { readonly name: string; readonly place: string };

export function readStorageClasses(sources: Sources, given: readonly Given[], cwd: string): StorageClassConfig[] {
  const label = sources.found.get('storage-class')?.label ?? 'storage-class';
  const twice = given.find(({ name }, index) => given.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw new ConfigError(`${label}: ${twice.name} is given twice: remove one`);
  const placed = new Map(given.map(({ name, place }) => [name, readPlace(label, name, place, cwd)]));
  const names = [...BUILT_IN, ...given.map(({ name }) => name).filter((name) => !BUILT_IN.includes(name))];
  return names.map((name) => ({ name, path: placed.get(name) ?? null }));
}

function readPlace(label: string, name: string, place: string, cwd: string): string | null {
  if (place === 'files' || place === 'files:') return null;
  if (place.startsWith('files:')) return resolve(cwd, place.slice('files:'.length));
  if (place.startsWith('rados:')) {
    throw new ConfigError(`${label}: ${name}: rados: is not available in this version, use files: or files:PATH`);
  }
  throw new ConfigError(`${label}: ${name}: the place must be files: or files:PATH`);
}
