// `rados://POOL?conf=/etc/ceph/ceph.conf&id=vstorage`
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RadosPlace } from './config.ts';
import { ConfigError } from './sources.ts';

const URL_FORM = /^rados:\/\/([A-Za-z0-9._-]+)\/?(?:\?(.*))?$/;
const FORM = 'rados://POOL?conf=/etc/ceph/ceph.conf&id=NAME';
const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const parameters: readonly string[] = ['conf', 'id', 'namespace', 'timeout'];

export function readRadosUrl(text: string, label: string, cwd: string): RadosPlace {
  const [, pool, query = ''] = URL_FORM.exec(text) ?? [];
  if (pool === undefined) throw new ConfigError(`${label}: must be ${FORM}`);
  const given = new Map(new URLSearchParams(query));
  const unknown = [...given.keys()].find((name) => !parameters.includes(name));
  if (unknown !== undefined) {
    throw new ConfigError(`${label}: there is no parameter "${unknown}"; there are ${parameters.join(', ')}`);
  }
  const confFile = resolve(cwd, given.get('conf') ?? '/etc/ceph/ceph.conf');
  if (!existsSync(confFile)) throw new ConfigError(`${label}: conf: there is no file ${confFile}`);
  const timeoutSeconds = Number(given.get('timeout') ?? 15);
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1 || timeoutSeconds > 300) {
    throw new ConfigError(`${label}: timeout must be a whole number of seconds from 1 to 300`);
  }
  return {
    kind: 'rados',
    pool,
    confFile,
    clientId: readName(given.get('id') ?? 'admin', 'id', label),
    namespace: readName(given.get('namespace') ?? 'vstorage', 'namespace', label),
    timeoutMs: timeoutSeconds * 1000,
  };
}

function readName(text: string, parameter: string, label: string): string {
  if (NAME.test(text)) return text;
  throw new ConfigError(`${label}: ${parameter} must be a name of letters, digits, dots, _ and -`);
}
