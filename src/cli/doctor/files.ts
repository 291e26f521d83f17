import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ServeConfig } from '../../config/config.ts';
import type { Finding } from './finding.ts';
import { fail, ok } from './finding.ts';

/** Secrets and data are the owner's alone; the data directory itself may be passed through (tls/ca.pem is public). */
export function examineFiles(config: ServeConfig): Finding[] {
  const masterKey = config.masterKey.kind === 'file' ? [config.masterKey.path] : [];
  const owned = [
    ...masterKey,
    ...[config.metadata, config.blobs].flatMap((place) => ('path' in place ? [place.path] : [])),
    join(config.dataDir, 'tls', 'ca-key.pem'),
    join(config.dataDir, 'tls', 'server-key.pem'),
  ];
  const findings = owned.filter((path) => existsSync(path)).flatMap(examineOwned);
  return findings.length > 0 ? findings : [ok('permissions', 'secrets and data are readable by their owner only')];
}

function examineOwned(path: string): Finding[] {
  const { mode } = statSync(path);
  const others = mode & 0o077;
  if (others === 0) return [];
  return [fail('permissions', `${path} has mode ${(mode & 0o777).toString(8)}`, `chmod go-rwx ${path}`)];
}
