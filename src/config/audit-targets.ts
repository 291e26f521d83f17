// Where the audit trail is sent besides being kept. Only the operator says so.
import { resolve } from 'node:path';
import type { AuditTargetConfig } from './config.ts';
import { isLoopback } from './loopback.ts';
import { ConfigError, type Sources } from './sources.ts';

type Named = { readonly name: string; readonly value: string };

const SYSLOG_PORTS: Readonly<Record<string, number>> = { 'syslog+tls:': 6514, 'syslog+tcp:': 601, 'syslog+udp:': 514 };

export function readAuditTargets(
  sources: Sources,
  urls: readonly Named[],
  secretFiles: readonly Named[],
  cwd: string,
): AuditTargetConfig[] {
  const label = sources.found.get('audit-target')?.label ?? 'audit-target';
  const secretLabel = sources.found.get('audit-secret-file')?.label ?? '--audit-secret-file';
  for (const [where, named] of [
    [label, urls],
    [secretLabel, secretFiles],
  ] as const) {
    const twice = named.find(({ name }, index) => named.findIndex((other) => other.name === name) !== index);
    if (twice !== undefined) throw new ConfigError(`${where}: ${twice.name} is given twice: remove one`);
  }
  const stray = secretFiles.find(({ name }) => !urls.some((url) => url.name === name));
  if (stray !== undefined) throw new ConfigError(`${secretLabel}: there is no --audit-target ${stray.name}`);
  return urls.map(({ name, value }) => readOne(label, { name, value }, secretFiles, cwd));
}

function readOne(label: string, { name, value }: Named, secretFiles: readonly Named[], cwd: string): AuditTargetConfig {
  const wrong = (text: string): ConfigError => new ConfigError(`${label}: ${name} ${text}`);
  if (!URL.canParse(value)) throw wrong('must be a URL such as https://example.com/audit or syslog+tls://example.com');
  const url = new URL(value);
  if (url.username !== '' || url.password !== '') throw wrong('must have no user and password in its URL');
  const secretFile = secretFiles.find((secret) => secret.name === name)?.value;
  const port = SYSLOG_PORTS[url.protocol];
  if (port !== undefined) {
    if (secretFile !== undefined) throw wrong('is syslog, which signs nothing: remove its --audit-secret-file');
    if (url.hostname === '') throw wrong('names no host');
    const protocol = url.protocol === 'syslog+tls:' ? 'tls' : url.protocol === 'syslog+tcp:' ? 'tcp' : 'udp';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    return { name, kind: 'syslog', protocol, host, port: url.port === '' ? port : Number(url.port) };
  }
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  if (!isAllowed) throw wrong('must be https (http only to a loopback address), syslog+tls, syslog+tcp or syslog+udp');
  if (secretFile === undefined) throw wrong(`needs --audit-secret-file ${name}=FILE, a secret to sign what is sent`);
  return { name, kind: 'webhook', url: url.href, secretFile: resolve(cwd, secretFile) };
}
