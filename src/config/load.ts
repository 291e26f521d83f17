// Flags, environment and vstorage.yaml become one validated ServeConfig, or a ConfigError that names what is wrong.
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as z from 'zod';
import type { Limits, ServeConfig, TlsConfig } from './config.ts';
import type { Environment } from './env.ts';
import { readAuditTargets } from './audit-targets.ts';
import { readEventTargets } from './event-targets.ts';
import { readConsoleUrl, readMail } from './mail.ts';
import { readBlobPlace, readMetadataPlace } from './places.ts';
import { readRegions } from './regions.ts';
import { reserveFor } from './reserve.ts';
import { settings } from './settings.ts';
import type { SettingName } from './settings.ts';
import { ConfigError, gatherSources } from './sources.ts';
import { readStorageClasses } from './storage-classes.ts';
import type { Flags, Sources } from './sources.ts';
import { errnoOf } from '../shared/errno.ts';

const CONSOLE_DIR = fileURLToPath(new URL('../../console/dist', import.meta.url));

export const DEFAULT_LIMITS: Limits = {
  'keys-per-account': 10,
  'projects-per-account': 10,
  'buckets-per-project': 1000,
  'users-per-account': 5000,
  'groups-per-account': 300,
  'groups-per-user': 10,
  'service-accounts-per-account': 1000,
  'policies-per-account': 1500,
  'policies-per-identity': 20,
  'roles-per-account': 1000,
  'openid-providers-per-account': 100,
  'access-keys-per-user': 2,
  'temporary-keys-per-account': 5000,
};

export type LoadInput = { readonly flags: Flags; readonly environment: Environment; readonly cwd: string };

/** Operator commands use the part that is a StoreConfig. */
export function loadConfig(input: LoadInput): ServeConfig {
  const sources = gatherSources(input);
  const dataDir = resolve(input.cwd, one(sources, 'data-dir') ?? './data');
  const storageClasses = readStorageClasses(sources, many(sources, 'storage-class'), input.cwd);
  const config: ServeConfig = {
    dataDir,
    metadata: readMetadataPlace(one(sources, 'metadata'), placeContext(sources, 'metadata', dataDir, input.cwd)),
    blobs: readBlobPlace(one(sources, 'blobs'), placeContext(sources, 'blobs', dataDir, input.cwd)),
    storageClasses,
    masterKey: masterKeySource(sources, input, dataDir),
    limits: limits(sources),
    kmsKeys: many(sources, 'kms-key'),
    regions: readRegions(sources, {
      names: many(sources, 'region'),
      domains: many(sources, 'domain'),
      websiteDomains: many(sources, 'website-domain'),
      storageClasses,
      cwd: input.cwd,
    }),
    inlineBytes: one(sources, 'inline-size') ?? 16 * 1024,
    reserveBytes: one(sources, 'reserve-size') ?? reserveFor(dataDir),
    logLevel: one(sources, 'log-level') ?? 'info',
    s3Listen: one(sources, 's3-listen') ?? { host: '127.0.0.1', port: 9000 },
    consoleListen: one(sources, 'console-listen') ?? { host: '127.0.0.1', port: 9001 },
    strictRegion: one(sources, 'strict-region') ?? false,
    refuseSignatureV2: one(sources, 'refuse-signature-v2') ?? false,
    rootEmail: one(sources, 'root-email') ?? 'root@vstorage.localhost',
    rootPasswordFile: path(input.cwd, one(sources, 'root-password-file')),
    tls: tls(sources, input.cwd),
    bucketDefaults: one(sources, 'bucket-defaults') ?? 'aws',
    eventTargets: readEventTargets(
      sources,
      many(sources, 'event-target'),
      many(sources, 'event-secret-file'),
      input.cwd,
    ),
    eventCaFile: path(input.cwd, one(sources, 'event-ca-file')),
    auditTargets: readAuditTargets(
      sources,
      many(sources, 'audit-target'),
      many(sources, 'audit-secret-file'),
      input.cwd,
    ),
    auditRetentionMs: one(sources, 'audit-retention') ?? 365 * 24 * 3_600_000,
    accessLogIntervalMs: one(sources, 'access-log-interval') ?? 5 * 60_000,
    lifecycleDayMs: one(sources, 'lifecycle-day') ?? 24 * 60 * 60_000,
    workers: one(sources, 'workers') ?? availableParallelism(),
    sessionIdleMs: one(sources, 'session-idle') ?? 30 * 60_000,
    consoleUrl: readConsoleUrl(sources, one(sources, 'console-url')),
    mail: readMail(
      sources,
      {
        url: one(sources, 'smtp-url'),
        from: one(sources, 'smtp-from'),
        passwordFile: one(sources, 'smtp-password-file'),
        caFile: one(sources, 'smtp-ca-file'),
      },
      input.cwd,
    ),
    selfSignUp: one(sources, 'self-sign-up') === 'on',
    oidcAllowHttp: one(sources, 'oidc-allow-http') ?? false,
    consoleDir: existsSync(join(CONSOLE_DIR, 'index.html')) ? CONSOLE_DIR : null,
    metricsToken: metricsToken(sources, input),
  };
  refuseSharedPort(config, sources);
  refuseSharedDomain(config, sources);
  refuseSignUpWithoutMail(config, sources);
  return config;
}

type ValueOf<N extends SettingName> = z.output<(typeof settings)[N]['value']>;

function many<N extends SettingName>(sources: Sources, name: N): readonly ValueOf<N>[] {
  const found = sources.found.get(name);
  // The table's schema for this very name: its output is ValueOf<N>, which a lookup by a generic name cannot show.
  const schema = settings[name].value as z.ZodType<ValueOf<N>, string>;
  return (found?.texts ?? []).map((text) => {
    const result = schema.safeParse(text);
    if (result.success) return result.data;
    throw new ConfigError(`${found?.label ?? name} "${text}": ${result.error.issues[0]?.message ?? 'is not valid'}`);
  });
}

function one<N extends SettingName>(sources: Sources, name: N): ValueOf<N> | undefined {
  return many(sources, name)[0];
}

function path(cwd: string, file: string | undefined): string | null {
  return file === undefined ? null : resolve(cwd, file);
}

type PlaceContext = Parameters<typeof readBlobPlace>[1];

function placeContext(sources: Sources, name: 'metadata' | 'blobs', dataDir: string, cwd: string): PlaceContext {
  return { label: sources.found.get(name)?.label ?? name, fallback: join(dataDir, name), cwd };
}

function masterKeySource(sources: Sources, input: LoadInput, dataDir: string): ServeConfig['masterKey'] {
  const file = one(sources, 'master-key-file');
  if (!input.environment.has('master-key')) {
    return { kind: 'file', path: path(input.cwd, file) ?? join(dataDir, 'master.key') };
  }
  if (file !== undefined) {
    const label = sources.found.get('master-key-file')?.label;
    throw new ConfigError(`VSTORAGE_MASTER_KEY and ${label} contradict each other: keep one of them`);
  }
  return { kind: 'environment' };
}

function limits(sources: Sources): Limits {
  const known = Object.keys(DEFAULT_LIMITS);
  const given = many(sources, 'limit');
  for (const { name } of given) {
    if (known.includes(name)) continue;
    const label = sources.found.get('limit')?.label ?? 'limit';
    throw new ConfigError(`${label}: there is no limit "${name}"; there are ${known.join(', ')}`);
  }
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(given.map(({ name, value }) => [name, value])) };
}

function tls(sources: Sources, cwd: string): TlsConfig {
  const cert = one(sources, 'tls-cert');
  const key = one(sources, 'tls-key');
  if (one(sources, 'behind-proxy')) {
    refuseTogether(sources, 'behind-proxy', ['tls-cert', 'tls-key', 'tls-name']);
    const trusted = many(sources, 'trusted-proxy');
    return { kind: 'behind-proxy', trustedProxies: trusted.length > 0 ? trusted : ['127.0.0.0/8', '::1'] };
  }
  const proxy = sources.found.get('trusted-proxy');
  if (proxy) throw new ConfigError(`${proxy.label} needs --behind-proxy: add it, or remove the trusted proxies`);
  if (cert === undefined && key === undefined) return { kind: 'local-ca', names: many(sources, 'tls-name') };
  if (cert === undefined || key === undefined) {
    throw new ConfigError(
      `--tls-cert and --tls-key belong together: --tls-${cert === undefined ? 'cert' : 'key'} is missing`,
    );
  }
  refuseTogether(sources, 'tls-cert', ['tls-name']);
  return { kind: 'files', certFile: resolve(cwd, cert), keyFile: resolve(cwd, key) };
}

function refuseTogether(sources: Sources, name: SettingName, others: readonly SettingName[]): void {
  for (const other of others) {
    const clash = sources.found.get(other);
    if (!clash) continue;
    throw new ConfigError(
      `${sources.found.get(name)?.label} and ${clash.label} contradict each other: keep one of them`,
    );
  }
}

function metricsToken(sources: Sources, input: LoadInput): string | null {
  const file = one(sources, 'metrics-token-file');
  const given = input.environment.get('metrics-token');
  if (file !== undefined && given !== undefined) {
    throw new ConfigError('VSTORAGE_METRICS_TOKEN and --metrics-token-file contradict each other: keep one of them');
  }
  const token = file === undefined ? given : readFirstLine(resolve(input.cwd, file), 'metrics-token-file');
  if (token !== undefined && token.length < 16)
    throw new ConfigError('the metrics token must have at least 16 characters');
  return token ?? null;
}

/** Secrets come from files, so that they stand in no process list. */
export function readFirstLine(file: string, setting: string): string {
  try {
    return (readFileSync(file, 'utf8').split('\n')[0] ?? '').replace(/\r$/, '');
  } catch (error) {
    const code = errnoOf(error) ?? 'unreadable';
    throw new ConfigError(`${setting}: ${file} cannot be read (${code})`, { cause: error });
  }
}

function refuseSignUpWithoutMail({ selfSignUp, mail }: ServeConfig, sources: Sources): void {
  if (!selfSignUp || mail !== null) return;
  const label = sources.found.get('self-sign-up')?.label ?? 'self-sign-up';
  throw new ConfigError(`${label} needs --smtp-url: whoever signs up confirms an e-mail address`);
}

function refuseSharedDomain({ regions }: ServeConfig, sources: Sources): void {
  const shared = regions
    .flatMap(({ websiteDomains }) => websiteDomains)
    .find((name) => regions.some(({ domains }) => domains.includes(name)));
  if (shared === undefined) return;
  const label = sources.found.get('website-domain')?.label ?? 'website-domains';
  throw new ConfigError(`${label} "${shared}": buckets answer there to S3 clients; give their websites another domain`);
}

function refuseSharedPort(config: ServeConfig, sources: Sources): void {
  const { s3Listen, consoleListen } = config;
  if (s3Listen.port === 0 || s3Listen.port !== consoleListen.port || s3Listen.host !== consoleListen.host) return;
  const label = (name: SettingName): string => sources.found.get(name)?.label ?? `--${name} (default)`;
  throw new ConfigError(
    `${label('s3-listen')} and ${label('console-listen')} are the same address: change one of them`,
  );
}
