// Every setting, once: its flag `--name VALUE`, its variable VSTORAGE_NAME and its key `name` in vstorage.yaml, its
// default and its meaning all derive from this table (as do `--help` and docs/configuration.md).
import type * as z from 'zod';
import * as parse from './parse.ts';

export type Setting = {
  /** stands for the value in help; null: a switch */
  readonly placeholder: string | null;
  readonly meaning: string;
  /** as help shows it; null: none */
  readonly default: string | null;
  readonly repeatable: boolean;
  /** `store`: operator commands take it too; `serve`: only the server */
  readonly scope: 'store' | 'serve';
  /** parses one value */
  readonly value: z.ZodType<unknown, string>;
};

const HOUR_MS = 3_600_000;

export const settings = {
  'data-dir': {
    placeholder: 'DIR',
    meaning: 'embedded metadata, blobs, TLS, master key',
    default: './data',
    repeatable: false,
    scope: 'store',
    value: parse.text(),
  },
  's3-listen': {
    placeholder: 'HOST:PORT',
    meaning: 'where the S3 API listens; port 0 picks a free one',
    default: '127.0.0.1:9000',
    repeatable: false,
    scope: 'serve',
    value: parse.hostPort(),
  },
  'console-listen': {
    placeholder: 'HOST:PORT',
    meaning: 'where the console and the REST API listen; port 0 picks a free one',
    default: '127.0.0.1:9001',
    repeatable: false,
    scope: 'serve',
    value: parse.hostPort(),
  },
  region: {
    placeholder: 'NAME',
    meaning: 'region name = SigV4 region, compared without regard to case; the first is the default',
    default: 'HAN02',
    repeatable: true,
    scope: 'serve',
    value: parse.regionName(),
  },
  domain: {
    placeholder: 'NAME',
    meaning: 'virtual-host base: buckets answer at <bucket>.<domain>',
    default: 's3.localhost',
    repeatable: true,
    scope: 'serve',
    value: parse.domain(),
  },
  'website-domain': {
    placeholder: 'NAME',
    meaning: 'websites of buckets answer at <bucket>.NAME on the S3 listener; without it there are none',
    default: null,
    repeatable: true,
    scope: 'serve',
    value: parse.domain(),
  },
  'strict-region': {
    placeholder: null,
    meaning: 'refuse signatures scoped to us-east-1 (otherwise taken as the first region)',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.flag(),
  },
  'refuse-signature-v2': {
    placeholder: null,
    meaning: 'refuse signature version 2, which older clients and `s3cmd signurl` use and which binds no body',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.flag(),
  },
  'root-email': {
    placeholder: 'EMAIL',
    meaning: 'root account made at the first start',
    default: 'root@vstorage.localhost',
    repeatable: false,
    scope: 'serve',
    value: parse.email(),
  },
  'root-password-file': {
    placeholder: 'FILE',
    meaning: 'its password, first line of FILE; without it one is generated and shown once',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.text(),
  },
  'tls-cert': {
    placeholder: 'FILE',
    meaning: 'PEM certificate chain; without it a local CA issues one. Read again when it changes',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.text(),
  },
  'tls-key': {
    placeholder: 'FILE',
    meaning: 'PEM private key of --tls-cert',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.text(),
  },
  'tls-name': {
    placeholder: 'NAME',
    meaning: "further name or address in the local CA's certificate",
    default: null,
    repeatable: true,
    scope: 'serve',
    value: parse.nameOrAddress(),
  },
  'behind-proxy': {
    placeholder: null,
    meaning: 'TLS ends at a proxy in front: speak plain HTTP',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.flag(),
  },
  'trusted-proxy': {
    placeholder: 'CIDR',
    meaning: 'a proxy whose X-Forwarded-For is believed (with --behind-proxy; otherwise loopback only)',
    default: null,
    repeatable: true,
    scope: 'serve',
    value: parse.network(),
  },
  'master-key-file': {
    placeholder: 'FILE',
    meaning: 'key that seals secrets at rest, made at the first start; or VSTORAGE_MASTER_KEY holds the key itself',
    default: '<data-dir>/master.key',
    repeatable: false,
    scope: 'store',
    value: parse.text(),
  },
  'bucket-defaults': {
    placeholder: 'aws|legacy',
    meaning:
      'new buckets: aws = ACLs disabled, public access blocked; legacy = ACLs enabled, nothing blocked, and making a bucket of one’s own again succeeds',
    default: 'aws',
    repeatable: false,
    scope: 'serve',
    value: parse.oneOf('aws', 'legacy'),
  },
  'kms-key': {
    placeholder: 'NAME',
    meaning: 'a local key that requests may name for SSE-KMS; made when first used. Left out, it still decrypts',
    default: null,
    repeatable: true,
    scope: 'store',
    value: parse.keyName(),
  },
  metadata: {
    placeholder: 'PLACE',
    meaning: 'metadata store: lmdb:[PATH], or postgres://USER@HOST/DATABASE?… (docs/scale-out.md)',
    default: 'lmdb: (<data-dir>/metadata)',
    repeatable: false,
    scope: 'store',
    value: parse.text(),
  },
  blobs: {
    placeholder: 'PLACE',
    meaning: 'blob store: files:[PATH], or rados://POOL?conf=FILE&id=NAME (docs/scale-out.md)',
    default: 'files: (<data-dir>/blobs)',
    repeatable: false,
    scope: 'store',
    value: parse.text(),
  },
  'storage-class': {
    placeholder: 'NAME=PLACE',
    meaning:
      'a further storage class with a pool of its own, or the place of a built-in one; PLACE is files: (a folder of that name), files:PATH or rados://POOL?…',
    default: 'STANDARD, STANDARD_IA and DEEP_ARCHIVE under --blobs',
    repeatable: true,
    scope: 'store',
    value: parse.storageClass(),
  },
  'event-target': {
    placeholder: 'NAME=URL',
    meaning: 'a webhook that buckets may send events to as arn:vstorage:webhook:::NAME; https, or http on loopback',
    default: null,
    repeatable: true,
    scope: 'serve',
    value: parse.named(),
  },
  'event-secret-file': {
    placeholder: 'NAME=FILE',
    meaning: 'secret that signs what goes to the webhook NAME, first line of FILE, at least 16 characters',
    default: null,
    repeatable: true,
    scope: 'serve',
    value: parse.named(),
  },
  'event-ca-file': {
    placeholder: 'FILE',
    meaning: 'PEM certificate authorities of the webhooks and of audit targets; without it those that Node brings',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.text(),
  },
  'audit-target': {
    placeholder: 'NAME=URL',
    meaning:
      'where the audit trail is sent besides being kept: a webhook (https, or http on loopback), or syslog+tls://HOST, syslog+tcp://HOST, syslog+udp://HOST',
    default: null,
    repeatable: true,
    scope: 'serve',
    value: parse.named(),
  },
  'audit-secret-file': {
    placeholder: 'NAME=FILE',
    meaning:
      'secret that signs what goes to the webhook NAME of the audit trail, first line of FILE, at least 16 characters',
    default: null,
    repeatable: true,
    scope: 'serve',
    value: parse.named(),
  },
  'audit-retention': {
    placeholder: 'TIME',
    meaning: 'how long the audit trail keeps records',
    default: '365d',
    repeatable: false,
    scope: 'serve',
    value: parse.duration(24 * HOUR_MS, 100 * 365 * 24 * HOUR_MS),
  },
  'access-log-interval': {
    placeholder: 'TIME',
    meaning: 'how often server access logs of buckets are delivered',
    default: '5m',
    repeatable: false,
    scope: 'serve',
    value: parse.duration(1000, 24 * HOUR_MS),
  },
  'lifecycle-day': {
    placeholder: 'TIME',
    meaning: 'how long lifecycle rules take a day to be; shorter ones are for trying rules out',
    default: '24h',
    repeatable: false,
    scope: 'serve',
    value: parse.duration(1000, 24 * HOUR_MS),
  },
  workers: {
    placeholder: 'N',
    meaning: 'worker processes',
    default: 'one per core',
    repeatable: false,
    scope: 'serve',
    value: parse.count(1, 256),
  },
  limit: {
    placeholder: 'NAME=N',
    meaning: 'a limit by name',
    default:
      'keys-per-account=10, projects-per-account=10, buckets-per-project=1000, users-per-account=5000, groups-per-account=300, groups-per-user=10, service-accounts-per-account=1000, policies-per-account=1500, policies-per-identity=20, roles-per-account=1000, openid-providers-per-account=100, access-keys-per-user=2, temporary-keys-per-account=5000',
    repeatable: true,
    scope: 'store',
    value: parse.assignment(),
  },
  'inline-size': {
    placeholder: 'SIZE',
    meaning: 'bodies up to this size stand in the metadata store: one disk flush for a small object',
    default: '16KiB',
    repeatable: false,
    scope: 'store',
    value: parse.bytes(0, 256 * 1024),
  },
  'reserve-size': {
    placeholder: 'SIZE',
    meaning: 'writes answer 507 while the disk has less free than this',
    default: '256MiB, at most 5 % of the disk',
    repeatable: false,
    scope: 'store',
    value: parse.bytes(1024 * 1024, 2 ** 50),
  },
  'session-idle': {
    placeholder: 'TIME',
    meaning: 'a console session ends after this long without a request',
    default: '30m',
    repeatable: false,
    scope: 'serve',
    value: parse.duration(60_000, 30 * 24 * HOUR_MS),
  },
  'console-url': {
    placeholder: 'URL',
    meaning: 'what browsers open the console at, for the links in mails',
    default: 'https://localhost and the port of --console-listen',
    repeatable: false,
    scope: 'serve',
    value: parse.text(),
  },
  'smtp-url': {
    placeholder: 'URL',
    meaning:
      'server that sends mail (invitations, password resets): smtp://[USER@]HOST[:PORT] with STARTTLS, or smtps://; without it no mail is sent',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.text(),
  },
  'smtp-from': {
    placeholder: 'EMAIL',
    meaning: 'sender of the mail',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.email(),
  },
  'smtp-password-file': {
    placeholder: 'FILE',
    meaning: 'password of the user in --smtp-url, first line of FILE',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.text(),
  },
  'smtp-ca-file': {
    placeholder: 'FILE',
    meaning: 'PEM certificate authorities of the mail server; without it those that Node brings',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.text(),
  },
  'self-sign-up': {
    placeholder: 'on|off',
    meaning: 'whether anybody may make a root account after confirming an e-mail address (needs --smtp-url)',
    default: 'off',
    repeatable: false,
    scope: 'serve',
    value: parse.oneOf('on', 'off'),
  },
  'oidc-allow-http': {
    placeholder: null,
    meaning: 'take identity providers over plain HTTP on loopback, for tests',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.flag(),
  },
  'log-level': {
    placeholder: 'LEVEL',
    meaning: 'fatal, error, warn, info, debug (every request) or silent',
    default: 'info',
    repeatable: false,
    scope: 'store',
    value: parse.oneOf('fatal', 'error', 'warn', 'info', 'debug', 'silent'),
  },
  'metrics-token-file': {
    placeholder: 'FILE',
    meaning: 'bearer token for /metrics, first line of FILE; without it only loopback may read them',
    default: null,
    repeatable: false,
    scope: 'serve',
    value: parse.text(),
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

export const settingNames = Object.keys(settings) as readonly SettingName[];

/** Named in the documentation of the whole product, but not in this version: refused, never ignored. */
export const laterSettings: readonly string[] = ['acme-email', 'acme-domain', 'acme-directory'];
