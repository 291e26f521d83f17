// What `serve` prints on standard output, for people. Logs go to standard error: the generated password is in none.
import { fstatSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import type { ServeConfig } from '../config/config.ts';
import { localUrl } from './endpoints.ts';
import type { FirstStart } from './first-start.ts';
import type { Ports } from './messages.ts';
import { caPath } from './tls/local-ca.ts';

export type BannerFacts = {
  readonly config: ServeConfig;
  readonly ports: Ports;
  readonly firstStart: FirstStart | null;
  /** standard output is kept by somebody: a password must not go there */
  readonly outputIsKept: boolean;
  readonly cwd: string;
};

export function banner(facts: BannerFacts): string {
  const { config, ports, firstStart } = facts;
  const lines = [
    [
      'Console',
      localUrl(config, ports, 'console') +
        (config.consoleDir ? '' : '  (API only: run npm run build:console for the pages)'),
    ],
    ['S3 endpoint', `${localUrl(config, ports, 's3')}  region ${config.regions.map(({ name }) => name).join(', ')}`],
    ...(config.tls.kind === 'local-ca'
      ? [['Local CA', `${caPath(config.dataDir)}  (vstorage trust installs it)`]]
      : []),
    ...(firstStart
      ? [
          ['Root e-mail', config.rootEmail],
          ['Password', passwordText(facts, firstStart)],
        ]
      : []),
    ['S3 key', keyCommand(facts)],
  ];
  const table = lines.map(([name = '', value = '']) => `  ${name.padEnd(12)} ${value}\n`).join('');
  return `\nvStorage${firstStart ? ' is set up: sign in to the console' : ''}\n\n${table}\n`;
}

export function readyLine(config: ServeConfig, ports: Ports): string {
  return `vstorage ready s3=${localUrl(config, ports, 's3')} console=${localUrl(config, ports, 'console')}\n`;
}

/** The journal keeps what a service prints. `stream` is systemd's JOURNAL_STREAM. */
export function isJournal(fd: number, stream: string | null): boolean {
  if (stream === null) return false;
  const { dev, ino } = fstatSync(fd);
  return stream === `${dev}:${ino}`;
}

function passwordText({ outputIsKept, config }: BannerFacts, { generatedPassword }: FirstStart): string {
  if (generatedPassword === null) return `as in ${config.rootPasswordFile}`;
  if (outputIsKept) return `not shown in a log: set one with vstorage account reset-password ${config.rootEmail}`;
  return `${generatedPassword}  (shown once, write it down)`;
}

function keyCommand({ config, cwd, firstStart }: BannerFacts): string {
  const path = relative(cwd, config.dataDir);
  const folder = path.startsWith('..') || isAbsolute(path) ? config.dataDir : path;
  const where = folder === 'data' ? '' : ` --data-dir ${quoted(folder)}`;
  const account = firstStart ? quoted(config.rootEmail) : 'E-MAIL';
  return `npx vstorage s3-key create --account ${account} --project default${where}`;
}

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
