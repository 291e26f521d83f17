// `--metadata postgres://USER@HOST[:PORT][,HOST[:PORT]…]/DATABASE?…`: the words of libpq where it has them.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PostgresPlace } from './config.ts';
import { ConfigError } from './sources.ts';

const URL_FORM = /^postgres(?:ql)?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?]*)\/([^/?]*)(?:\?(.*))?$/;
const FORM = 'postgres://USER@HOST[:PORT][,HOST…]/DATABASE';
const DEFAULT_PORT = 5432;
const DEFAULT_SCHEMA = 'vstorage';
const SCHEMA = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;
/** of names that stand for this machine: what goes there passes no network */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|\/.*)$/;

const parameters: readonly string[] = [
  'host',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'passfile',
  'target_session_attrs',
  'connect_timeout',
  'wait_timeout',
  'statement_timeout',
  'schema',
  'read_connections',
  'write_connections',
];

type Parameters = ReadonlyMap<string, string>;
type Refuse = (problem: string) => never;

/** `label` names the setting; what it holds is never in a message, because it may be a password. */
export function readPostgresUrl(text: string, label: string, cwd: string): PostgresPlace {
  const refuse: Refuse = (problem) => {
    throw new ConfigError(`${label}: ${problem}`);
  };
  const [, user = '', password, hostList = '', database = '', query = ''] =
    URL_FORM.exec(text) ?? refuse(`must be ${FORM}`);
  const given: Parameters = new Map(new URLSearchParams(query));
  checkParameters(given, refuse);
  if (user === '') refuse(`names no user: ${FORM}`);
  if (database === '') refuse(`names no database: ${FORM}`);
  if (password !== undefined && label.startsWith('--')) {
    refuse('a password in a flag stands in the process list: use passfile=FILE, VSTORAGE_METADATA or vstorage.yaml');
  }
  const hosts = readHosts(given.get('host') ?? decode(hostList, refuse), refuse);
  const schema = given.get('schema') ?? DEFAULT_SCHEMA;
  if (!SCHEMA.test(schema)) refuse('schema must be a name of letters, digits, _ and -');
  return {
    kind: 'postgres',
    hosts,
    user: decode(user, refuse),
    database: decode(database, refuse),
    password: password === undefined ? readPassFile(given.get('passfile'), cwd, refuse) : decode(password, refuse),
    tls: readTls(given, hosts, cwd, refuse),
    schema,
    readConnections: count(given, 'read_connections', 12, 500, refuse),
    writeConnections: count(given, 'write_connections', 2, 100, refuse),
    connectTimeoutMs: 1000 * count(given, 'connect_timeout', 3, 60, refuse),
    waitTimeoutMs: 1000 * count(given, 'wait_timeout', 5, 60, refuse),
    statementTimeoutMs: 1000 * count(given, 'statement_timeout', 10, 600, refuse),
  };
}

function checkParameters(given: Parameters, refuse: Refuse): void {
  const unknown = [...given.keys()].find((name) => !parameters.includes(name));
  if (unknown !== undefined) refuse(`there is no parameter "${unknown}"; there are ${parameters.join(', ')}`);
  const target = given.get('target_session_attrs') ?? 'read-write';
  if (target !== 'read-write' && target !== 'primary') refuse('target_session_attrs can only be read-write here');
}

function decode(text: string, refuse: Refuse): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('a % in it must be followed by two hexadecimal digits (%25 is a %)');
  }
}

function readHosts(list: string, refuse: Refuse): PostgresPlace['hosts'] {
  const [first, ...rest] = list.split(',').map((text) => readHost(text, refuse));
  if (first === undefined) return refuse('names no host');
  return [first, ...rest];
}

function readHost(text: string, refuse: Refuse): PostgresPlace['hosts'][number] {
  if (text.startsWith('/')) return { host: text, port: DEFAULT_PORT };
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) return refuse(`a host must be a name or an address, with or without :PORT`);
  return { host, port: Number(match?.[3] ?? DEFAULT_PORT) };
}

function count(given: Parameters, name: string, fallback: number, most: number, refuse: Refuse): number {
  const text = given.get(name);
  if (text === undefined) return fallback;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : refuse(`${name} must be a whole number from 1 to ${most}`);
}

/** https://www.postgresql.org/docs/current/libpq-ssl.html, but never less than what was asked for: no `prefer`. */
function readTls(given: Parameters, hosts: PostgresPlace['hosts'], cwd: string, refuse: Refuse): PostgresPlace['tls'] {
  const isLocal = hosts.every(({ host }) => LOOPBACK.test(host));
  const mode = given.get('sslmode') ?? (isLocal ? 'disable' : 'verify-full');
  if (mode === 'disable') return null;
  if (!['require', 'verify-ca', 'verify-full'].includes(mode)) {
    refuse('sslmode must be verify-full, verify-ca, require (encrypted, whoever answers) or disable');
  }
  const file = (name: string): string | null => {
    const path = given.get(name);
    return path === undefined ? null : readable(resolve(cwd, path), name, refuse);
  };
  const [caFile, certFile, keyFile] = [file('sslrootcert'), file('sslcert'), file('sslkey')];
  if ((certFile === null) !== (keyFile === null)) refuse('sslcert and sslkey belong together');
  return {
    // As libpq does: authorities that were named are asked.
    verifyCertificate: mode !== 'require' || caFile !== null,
    verifyName: mode === 'verify-full',
    caFile,
    identity: certFile === null || keyFile === null ? null : { certFile, keyFile },
  };
}

function readable(path: string, name: string, refuse: Refuse): string {
  return existsSync(path) ? path : refuse(`${name}: there is no file ${path}`);
}

/** The first line holds the password, and nothing else. */
function readPassFile(path: string | undefined, cwd: string, refuse: Refuse): string | null {
  if (path === undefined) return null;
  return readFileSync(readable(resolve(cwd, path), 'passfile', refuse), 'utf8').split(/\r?\n/)[0] ?? '';
}
