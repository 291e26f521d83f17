import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ServeConfig } from './config.ts';
import type { Flags } from './sources.ts';
import { ConfigError } from './sources.ts';
import { loadConfig } from './load.ts';

const cwd = mkdtempSync(join(tmpdir(), 'vstorage-config-'));
after(() => rmSync(cwd, { recursive: true }));

type Given = { flags?: Flags; env?: Record<string, string>; yaml?: string };

function load({ flags = {}, env = {}, yaml }: Given): ServeConfig {
  const file = join(cwd, 'vstorage.yaml');
  rmSync(file, { force: true });
  if (yaml !== undefined) writeFileSync(file, yaml);
  return loadConfig({ flags, environment: new Map(Object.entries(env)), cwd });
}

function refuses(given: Given, ...fragments: readonly string[]): void {
  assert.throws(
    () => load(given),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError, String(error));
      for (const fragment of fragments)
        assert.ok(error.message.includes(fragment), `"${error.message}" lacks "${fragment}"`);
      return true;
    },
  );
}

test('without settings everything has the documented default', () => {
  const config = load({});
  assert.equal(config.dataDir, join(cwd, 'data'));
  assert.deepEqual(config.s3Listen, { host: '127.0.0.1', port: 9000 });
  assert.deepEqual(config.consoleListen, { host: '127.0.0.1', port: 9001 });
  assert.deepEqual(config.regions, [
    {
      name: 'HAN02',
      domains: ['s3.localhost'],
      websiteDomains: [],
      endpoint: null,
      blobs: null,
      storageClasses: config.storageClasses,
    },
  ]);
  assert.equal(config.rootEmail, 'root@vstorage.localhost');
  assert.deepEqual(config.masterKey, { kind: 'file', path: join(cwd, 'data', 'master.key') });
  assert.deepEqual(config.tls, { kind: 'local-ca', names: [] });
  assert.equal(config.limits['keys-per-account'], 10);
  assert.equal(config.bucketDefaults, 'aws');
});

test('variables that Kubernetes and Docker set for a service named vstorage are no settings', () => {
  const env = {
    'service-host': '10.0.0.1',
    'service-port': '9000',
    'service-port-console': '9001',
    's3-service-host': '10.0.0.2',
    port: 'tcp://10.0.0.1:9000',
    'port-9000-tcp': 'tcp://10.0.0.1:9000',
    'port-9000-tcp-addr': '10.0.0.1',
    'port-9000-tcp-proto': 'tcp',
  };
  assert.equal(load({ env }).s3Listen.port, 9000);
  refuses({ env: { 'service-hosts': 'x' } }, 'VSTORAGE_SERVICE_HOSTS');
  refuses({ env: { port: '9000' } }, 'VSTORAGE_PORT');
});

test('a flag wins over the environment, the environment over the file', () => {
  const yaml = 'workers: 2\nlog-level: debug\nregion: hcm03\n';
  const config = load({ flags: { workers: '4' }, env: { workers: '3', 'log-level': 'warn' }, yaml });
  assert.equal(config.workers, 4);
  assert.equal(config.logLevel, 'warn');
  assert.equal(config.regions[0].name, 'HCM03');
});

test('repeatable settings are lists as flags, commas in a variable, and lists in the file', () => {
  const wanted = ['a.example.com', 'b.example.com'];
  assert.deepEqual(load({ flags: { domain: wanted } }).regions[0].domains, wanted);
  assert.deepEqual(load({ env: { domain: 'a.example.com, b.example.com' } }).regions[0].domains, wanted);
  assert.deepEqual(load({ yaml: 'domain: [a.example.com, b.example.com]' }).regions[0].domains, wanted);
});

test('limits are given by name, in the file also as a map', () => {
  assert.equal(load({ flags: { limit: ['keys-per-account=25'] } }).limits['keys-per-account'], 25);
  assert.equal(load({ yaml: 'limit:\n  buckets-per-project: 7\n' }).limits['buckets-per-project'], 7);
  refuses({ flags: { limit: ['keys=5'] } }, '--limit', 'keys-per-account');
});

test('regions of the file have domains of their own', () => {
  const yaml =
    'regions:\n  - {name: HAN02, domains: [s3.han.example.com]}\n  - {name: HCM03, domains: [s3.hcm.example.com]}\n';
  const [, second] = load({ yaml, flags: { 'website-domain': ['web.example.com'] } }).regions;
  assert.deepEqual(second?.domains, ['s3.hcm.example.com']);
  assert.deepEqual(second.websiteDomains, ['hcm03.web.example.com']);
  refuses({ yaml, flags: { region: ['X'] } }, '--region', 'regions in');
  refuses({ yaml: 'regions:\n  - {name: HAN02, domains: [a.b], pools: "files:/x"}\n' }, 'regions in', 'pools');
  const twice = 'regions:\n  - {name: HAN02, domains: [a.b], website-domains: [c.b]}\n';
  refuses({ yaml: twice, flags: { 'website-domain': ['w.b'] } }, '--website-domain', 'website-domains of regions in');
  refuses({ yaml: 'regions:\n  - {name: HAN02, domains: [a.b], blobs: "files:"}\n' }, 'HAN02', 'files:PATH');
  refuses(
    { yaml: 'regions:\n  - {name: HAN02, domains: [a.b], endpoint: "https://x/y"}\n' },
    'endpoint',
    'https://HOST',
  );
  refuses({ flags: { region: ['HAN02', 'han02'] } }, 'HAN02');
});

test('unknown settings are named, wherever they stand', () => {
  refuses({ env: { 'data-dri': 'x' } }, 'VSTORAGE_DATA_DRI');
  refuses({ yaml: 'data-dri: x' }, 'data-dri in');
});

test('settings of later versions are refused, not ignored', () => {
  refuses({ env: { 'acme-email': 'me@example.com' } }, 'VSTORAGE_ACME_EMAIL', 'not available');
  refuses({ yaml: 'acme-email: a@example.com' }, 'acme-email', 'not available');
});

test('a password in a store address is refused in a flag, taken elsewhere, and in no message', () => {
  const metadata = 'postgres://vs:hunter2@db/vs';
  refuses({ flags: { metadata } }, '--metadata', 'process list');
  for (const given of [{ flags: { metadata } }, { env: { metadata: `${metadata}?schema=1` } }]) {
    assert.throws(
      () => load(given),
      (error: Error) => !error.message.includes('hunter2'),
    );
  }
  const place = load({ env: { metadata } }).metadata;
  assert.deepEqual([place.kind, 'password' in place && place.password], ['postgres', 'hunter2']);
});

test('blobs are a folder or a RADOS pool', () => {
  writeFileSync(join(cwd, 'ceph.conf'), '');
  const { blobs } = load({ flags: { blobs: 'rados://data?conf=ceph.conf&id=vstorage' } });
  assert.deepEqual(blobs, {
    kind: 'rados',
    pool: 'data',
    confFile: join(cwd, 'ceph.conf'),
    clientId: 'vstorage',
    namespace: 'vstorage',
    timeoutMs: 15_000,
  });
  refuses({ flags: { blobs: 'rados://data?conf=none.conf' } }, '--blobs', 'none.conf');
  refuses({ flags: { blobs: 'rados://data?conf=ceph.conf&user=x' } }, '"user"', 'conf, id');
  refuses({ flags: { blobs: 'rados://data?conf=ceph.conf&timeout=0' } }, 'timeout');
  refuses({ flags: { blobs: 'rados:data' } }, 'rados://POOL');
  refuses({ flags: { blobs: 'lmdb:' } }, 'files:PATH');
});

test('bad values are refused with the setting and what would be right', () => {
  refuses({ flags: { workers: '0' } }, '--workers "0"', 'from 1');
  refuses({ flags: { workers: 'two' } }, '--workers "two"');
  refuses({ env: { 's3-listen': '9000' } }, 'VSTORAGE_S3_LISTEN', 'host:port');
  refuses({ env: { 's3-listen': '127.0.0.1:70000' } }, 'VSTORAGE_S3_LISTEN');
  refuses({ yaml: 'log-level: loud' }, 'log-level in', 'debug');
  refuses({ flags: { domain: ['https://s3.example.com'] } }, '--domain');
  refuses({ flags: { 'reserve-size': '12 parsecs' } }, '--reserve-size', '512MiB');
  refuses({ yaml: 'workers: [1, 2]' }, 'workers in', 'one value');
  refuses({ yaml: '- a\n' }, 'vstorage.yaml');
  refuses({ yaml: 'a: [' }, 'vstorage.yaml');
  refuses({ flags: { config: 'missing.yaml' } }, 'missing.yaml');
});

test('settings that contradict each other are both named', () => {
  refuses({ flags: { 'tls-cert': 'a.pem' } }, '--tls-key');
  refuses({ flags: { 'tls-key': 'a.pem' } }, '--tls-cert');
  refuses({ flags: { 'behind-proxy': true, 'tls-cert': 'a', 'tls-key': 'b' } }, '--behind-proxy', '--tls-cert');
  refuses({ flags: { 'behind-proxy': true }, env: { 'tls-name': 'x' } }, '--behind-proxy', 'VSTORAGE_TLS_NAME');
  refuses({ flags: { 'trusted-proxy': ['10.0.0.0/8'] } }, '--trusted-proxy', '--behind-proxy');
  refuses(
    { flags: { 'master-key-file': 'k' }, env: { 'master-key': 's' } },
    'VSTORAGE_MASTER_KEY',
    '--master-key-file',
  );
  refuses({ flags: { 's3-listen': '127.0.0.1:9001' } }, '--s3-listen', '--console-listen');
  refuses(
    { flags: { 'metrics-token-file': 'f' }, env: { 'metrics-token': 'a'.repeat(20) } },
    'VSTORAGE_METRICS_TOKEN',
    '--metrics-token-file',
  );
});

test('the master key of the environment is in no configuration object', () => {
  const config = load({ env: { 'master-key': 'top-secret-master-key' } });
  assert.deepEqual(config.masterKey, { kind: 'environment' });
  assert.ok(!JSON.stringify(config).includes('top-secret-master-key'));
});

test('listen addresses may be names, IPv4 and IPv6', () => {
  assert.deepEqual(load({ flags: { 's3-listen': '[::1]:0' } }).s3Listen, { host: '::1', port: 0 });
  assert.deepEqual(load({ flags: { 's3-listen': 'localhost:443' } }).s3Listen, { host: 'localhost', port: 443 });
});

test('storage classes are the built-in ones and those that are given, each with its place', () => {
  const config = load({ flags: { 'storage-class': ['COLD=files:/mnt/cold', 'WARM=files:', 'STANDARD=files:fast'] } });
  assert.deepEqual(config.storageClasses, [
    { name: 'STANDARD', place: { kind: 'files', path: join(cwd, 'fast') } },
    { name: 'STANDARD_IA', place: null },
    { name: 'DEEP_ARCHIVE', place: null },
    { name: 'COLD', place: { kind: 'files', path: '/mnt/cold' } },
    { name: 'WARM', place: null },
  ]);
  const cold = load({ yaml: 'storage-class: {COLD: "files:/mnt/cold"}' }).storageClasses[3]?.place;
  assert.deepEqual(cold, { kind: 'files', path: '/mnt/cold' });
});

test('a storage class that cannot be placed is refused by name', () => {
  refuses({ flags: { 'storage-class': ['COLD=rados:pool'] } }, 'COLD', 'rados:');
  refuses({ flags: { 'storage-class': ['COLD=nfs:/x'] } }, 'COLD', 'files:');
  refuses({ flags: { 'storage-class': ['COLD=files:', 'COLD=files:/x'] } }, 'COLD', 'twice');
  refuses({ flags: { 'storage-class': ['cold=files:'] } }, 'NAME=PLACE');
});

test('a lifecycle day is a day unless it is said to be shorter', () => {
  assert.equal(load({}).lifecycleDayMs, 86_400_000);
  assert.equal(load({ flags: { 'lifecycle-day': '10s' } }).lifecycleDayMs, 10_000);
});

test('mail needs a server, a sender and for a user a password file; its password never stands in the URL', () => {
  const flags = { 'smtp-url': 'smtp://mailer@mail.example.com', 'smtp-from': 'vstorage@example.com' };
  assert.equal(load({}).mail, null);
  assert.deepEqual(load({ flags: { ...flags, 'smtp-password-file': 'pw' } }).mail, {
    host: 'mail.example.com',
    port: 587,
    security: 'starttls',
    user: 'mailer',
    from: 'vstorage@example.com',
    passwordFile: join(cwd, 'pw'),
    caFile: null,
  });
  const plain = load({ flags: { ...flags, 'smtp-url': 'smtp://127.0.0.1:2525' } }).mail;
  assert.deepEqual([plain?.security, plain?.port, plain?.user], ['none', 2525, null]);
  assert.equal(load({ flags: { ...flags, 'smtp-url': 'smtps://[2001:db8::1]' } }).mail?.port, 465);
  refuses({ flags }, '--smtp-url', '--smtp-password-file');
  refuses({ flags: { 'smtp-url': 'smtp://mail.example.com' } }, '--smtp-from');
  refuses({ flags: { 'smtp-from': 'a@example.com' } }, '--smtp-from needs --smtp-url');
  refuses({ flags: { ...flags, 'smtp-url': 'http://mail.example.com' } }, '--smtp-url', 'smtps://');
  const url = 'smtp://mailer:hunter2@mail.example.com';
  assert.throws(
    () => load({ flags: { ...flags, 'smtp-url': url } }),
    (error: Error) => /leave the password out/.test(error.message) && !error.message.includes('hunter2'),
  );
});

test('self sign-up is off, and on only where mail can be sent', () => {
  assert.equal(load({}).selfSignUp, false);
  refuses({ flags: { 'self-sign-up': 'on' } }, '--self-sign-up needs --smtp-url');
  refuses({ flags: { 'self-sign-up': 'yes' } }, '--self-sign-up', 'on, off');
  const flags = { 'self-sign-up': 'on', 'smtp-url': 'smtp://localhost', 'smtp-from': 'a@example.com' };
  assert.equal(load({ flags }).selfSignUp, true);
});

test('the console URL is an https origin', () => {
  assert.equal(
    load({ flags: { 'console-url': 'https://console.example.com:8443/' } }).consoleUrl,
    'https://console.example.com:8443',
  );
  for (const url of ['http://console.example.com', 'https://console.example.com/path', 'console.example.com'])
    refuses({ flags: { 'console-url': url } }, '--console-url', 'https://HOST');
});
