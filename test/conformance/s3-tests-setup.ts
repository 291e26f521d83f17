// What ceph/s3-tests needs to find: a server, six accounts with a root key each, and its configuration file.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer, type TestServer } from '../support/start-server.ts';

const run = promisify(execFile);
/** Length of a lifecycle "day" in seconds, on the server and in the suite. */
const DAY_SECONDS = 10;
const TRANSITION_CLASSES = ['LUKEWARM', 'FROZEN'];
const KMS_KEYS = ['testkey-1', 'testkey-2'];

const PACKAGES = [
  'boto3',
  'pytest',
  'pytest-xdist',
  'pytest-timeout',
  'munch',
  'isodate',
  'requests',
  'pytz',
  'httplib2',
];
const MORE_PACKAGES = ['lxml', 'gevent', 'PyYAML', 'python-dateutil'];

/** A virtual environment with current boto3 and what the suite imports; made once under `.cache/`. */
export async function suitePython(): Promise<string> {
  const folder = fileURLToPath(new URL('../../.cache/s3-tests', import.meta.url));
  const python = join(folder, 'bin', 'python3');
  if (!existsSync(join(folder, 'complete'))) {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES, ...MORE_PACKAGES], { timeout: 600_000 });
    await writeFile(join(folder, 'complete'), '');
  }
  return python;
}

/** The suite predates the defaults AWS has since 2023, hence `legacy`. `makePlace`: a pool for a storage class. */
export async function startSuiteServer(makePlace: ((pool: string) => Promise<string>) | null): Promise<TestServer> {
  const args = ['--bucket-defaults', 'legacy', '--lifecycle-day', `${DAY_SECONDS}s`];
  for (const name of TRANSITION_CLASSES) {
    args.push('--storage-class', `${name}=${makePlace === null ? 'files:' : await makePlace(name.toLowerCase())}`);
  }
  args.push(...KMS_KEYS.flatMap((name) => ['--kms-key', name]));
  args.push('--oidc-allow-http', '--limit', 'keys-per-account=200');
  return await startServer({ args: [...args, '--limit', 'buckets-per-project=5000'] });
}

type Account = {
  section: string;
  accountId: string;
  name: string;
  email: string;
  canonicalId: string;
  accessKey: string;
  secretKey: string;
};

const accounts: readonly (readonly [section: string, name: string, email: string])[] = [
  ['s3 main', 'M. Tester', 'tester@ceph.com'],
  ['s3 alt', 'john.doe', 'john.doe@example.com'],
  ['s3 tenant', 'testx$tenanteduser', 'tenanteduser@example.com'],
  ['iam', 'youruseridhere', 's3@example.com'],
  ['iam root', 'account one', 'account1@ceph.com'],
  ['iam alt root', 'account two', 'account2@ceph.com'],
];

export type SuiteConfigurations = {
  readonly main: string;
  /** names storage classes */
  readonly transition: string;
  /** with an identity provider */
  readonly iam: string;
  /** the same, where `alt` is an IAM user of the account `iam`, as Ceph's users are of one tenant */
  readonly oneAccount: string;
};

export type SuiteFiles = {
  readonly configurations: SuiteConfigurations;
  /** the id of the account `iam` */
  readonly iamAccountId: string;
};

export async function writeSuiteConfiguration(
  server: TestServer,
  folder: string,
  webIdentity: readonly string[],
): Promise<SuiteFiles> {
  const made: Account[] = [];
  for (const [section, name, email] of accounts) made.push(await makeAccount(server, section, name, email));
  const files = {
    main: join(folder, 'main.conf'),
    transition: join(folder, 'transition.conf'),
    iam: join(folder, 'iam.conf'),
    oneAccount: join(folder, 'one-account.conf'),
  };
  await writeFile(files.main, configuration(server, made, []), { mode: 0o600 });
  await writeFile(files.transition, configuration(server, made, TRANSITION_CLASSES), { mode: 0o600 });
  // test_sts.py compares the user id of the root with the account's id; test_iam.py grants by the other root's canonical id
  const ofAccounts = made.map((each) =>
    each.section === 'iam root' ? { ...each, canonicalId: each.accountId } : each,
  );
  const iam = ofAccounts.find(({ section }) => section === 'iam');
  if (iam === undefined) throw new Error('the suite needs an account iam');
  const user = await makeUser(server, iam);
  const inOneAccount = ofAccounts.map((each) => (each.section === user.section ? user : each));
  const withProvider = (of: readonly Account[]): string =>
    [configuration(server, of, []), ...webIdentity, ''].join('\n');
  await writeFile(files.iam, withProvider(ofAccounts), { mode: 0o600 });
  await writeFile(files.oneAccount, withProvider(inOneAccount), { mode: 0o600 });
  return { configurations: files, iamAccountId: iam.accountId };
}

/** What a Ceph user may do to his own buckets without a policy, this one may by one. */
async function makeUser(server: TestServer, { accountId, email }: Account): Promise<Account> {
  const name = 'suite-alt-user';
  const of = ['--account', email, '--user', name];
  await server.cli(['user', 'create', '--account', email, '--username', name]);
  for (const policy of ['AmazonS3FullAccess', 'IAMFullAccess']) {
    await server.cli(['policy', 'attach', ...of, '--policy', policy]);
  }
  const key = await server.cli(['s3-key', 'create', ...of, '--project', 'suite']);
  const pair = key as { accessKey: string; secretKey: string };
  return { section: 's3 alt', accountId, name, email, canonicalId: name, ...pair };
}

async function makeAccount(server: TestServer, section: string, name: string, email: string): Promise<Account> {
  const account = await server.cli(['account', 'create', '--email', email, '--name', name]);
  const { accountId, canonicalId } = account as { accountId: string; canonicalId: string };
  await server.cli(['project', 'create', '--account', email, '--name', 'suite', '--quota', '30GiB']);
  const key = await server.cli(['s3-key', 'create', '--account', email, '--project', 'suite']);
  return { section, accountId, name, email, canonicalId, ...(key as { accessKey: string; secretKey: string }) };
}

function configuration(server: TestServer, made: readonly Account[], storageClasses: readonly string[]): string {
  const { hostname, port } = new URL(server.s3Url);
  const head = ['[DEFAULT]', `host = ${hostname}`, `port = ${port}`, 'is_secure = True', 'ssl_verify = True'];
  const fixtures = [
    '[fixtures]',
    'bucket prefix = s3t-{random}-',
    'iam name prefix = s3-tests-',
    'iam path prefix = /s3-tests/',
  ];
  return [...head, ...fixtures, ...made.flatMap((account) => sectionOf(account, storageClasses)), ''].join('\n');
}

function sectionOf(account: Account, storageClasses: readonly string[]): string[] {
  const lines = [
    `[${account.section}]`,
    `display_name = ${account.name}`,
    `user_id = ${account.canonicalId}`,
    `email = ${account.email}`,
    `access_key = ${account.accessKey}`,
    `secret_key = ${account.secretKey}`,
  ];
  if (account.section === 's3 tenant') lines.push('tenant = testx');
  if (account.section !== 's3 main') return lines;
  lines.push(
    'api_name = HAN02',
    `kms_keyid = ${KMS_KEYS[0]}`,
    `kms_keyid2 = ${KMS_KEYS[1]}`,
    `lc_debug_interval = ${DAY_SECONDS}`,
  );
  if (storageClasses.length > 0) lines.push(`storage_classes = ${storageClasses.join(', ')}`);
  return lines;
}
