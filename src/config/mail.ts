// How mail is sent, and what its links point to. Without --smtp-url there is none.
import { resolve } from 'node:path';
import type { MailConfig } from './config.ts';
import { isLoopback } from './loopback.ts';
import type { SettingName } from './settings.ts';
import { ConfigError } from './sources.ts';
import type { Sources } from './sources.ts';

export type MailTexts = {
  readonly url: string | undefined;
  readonly from: string | undefined;
  readonly passwordFile: string | undefined;
  readonly caFile: string | undefined;
};

const SUBMISSION_PORT = 587;
const SMTPS_PORT = 465;

export function readMail(sources: Sources, texts: MailTexts, cwd: string): MailConfig | null {
  const label = (name: SettingName): string => sources.found.get(name)?.label ?? name;
  if (texts.url === undefined) {
    for (const name of ['smtp-from', 'smtp-password-file', 'smtp-ca-file'] as const) {
      if (sources.found.has(name)) throw new ConfigError(`${label(name)} needs --smtp-url: add it, or remove this`);
    }
    return null;
  }
  if (texts.from === undefined) throw new ConfigError(`${label('smtp-url')} needs --smtp-from, the sender's address`);
  const server = parseServer(label('smtp-url'), texts.url);
  if (server.user !== null && texts.passwordFile === undefined) {
    throw new ConfigError(`${label('smtp-url')} names a user: add --smtp-password-file`);
  }
  if (server.user === null && texts.passwordFile !== undefined) {
    throw new ConfigError(`${label('smtp-password-file')} needs a user in --smtp-url: smtp://USER@HOST`);
  }
  const path = (file: string | undefined): string | null => (file === undefined ? null : resolve(cwd, file));
  return { ...server, from: texts.from, passwordFile: path(texts.passwordFile), caFile: path(texts.caFile) };
}

/** `smtp:` turns to TLS (STARTTLS) before anything is said, except to this machine; `smtps:` begins with TLS. */
function parseServer(label: string, text: string): Pick<MailConfig, 'host' | 'port' | 'security' | 'user'> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    throw new ConfigError(`${label} must be smtp://HOST[:PORT] or smtps://HOST[:PORT], with USER@ before it if needed`);
  }
  if (url.password !== '') {
    throw new ConfigError(`${label}: leave the password out of the URL, put it into --smtp-password-file`);
  }
  const tls = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (tls ? SMTPS_PORT : SUBMISSION_PORT) : Number(url.port),
    security: tls ? 'tls' : isLoopback(url.hostname) ? 'none' : 'starttls',
    user: url.username === '' ? null : decodeURIComponent(url.username),
  };
}

/** The origin of the console as people reach it, without a slash at the end. */
export function readConsoleUrl(sources: Sources, text: string | undefined): string | null {
  if (text === undefined) return null;
  const label = sources.found.get('console-url')?.label ?? 'console-url';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'https:' && url.pathname === '/' && url.search === '' && url.username === '') return url.origin;
  throw new ConfigError(`${label} must be https://HOST[:PORT], what browsers open the console at, without a path`);
}
