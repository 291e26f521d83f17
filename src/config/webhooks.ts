// What each webhook needs, its secret included: read where it is used, so that it stands in no configuration object.
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { ServeConfig } from './config.ts';
import { readFirstLine } from './load.ts';
import { ConfigError } from './sources.ts';
import { errnoOf } from '../shared/errno.ts';

const SHORTEST_SECRET = 16;

export type Webhook = { readonly url: URL; readonly secret: string; readonly ca: string | null };

export function readWebhooks(config: Pick<ServeConfig, 'eventTargets' | 'eventCaFile'>): ReadonlyMap<string, Webhook> {
  const ca = readAuthorities(config.eventCaFile);
  return new Map(
    config.eventTargets.map(({ name, url, secretFile }) => {
      const secret = readWebhookSecret(secretFile, 'event-secret-file');
      return [name, { url: new URL(url), secret, ca }] as const;
    }),
  );
}

export function readWebhookSecret(file: string, setting: string): string {
  const secret = readFirstLine(file, setting);
  if (secret.length >= SHORTEST_SECRET) return secret;
  throw new ConfigError(`${setting}: ${file} must hold at least ${SHORTEST_SECRET} characters`);
}

/** Those of the file and those that Node brings. */
export function readAuthorities(file: string | null): string | null {
  if (file === null) return null;
  try {
    return [readFileSync(file, 'utf8'), ...rootCertificates].join('\n');
  } catch (error) {
    const code = errnoOf(error) ?? 'unreadable';
    throw new ConfigError(`event-ca-file: ${file} cannot be read (${code})`, { cause: error });
  }
}
