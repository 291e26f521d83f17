// The console app on real stores in a folder of its own, and browsers that talk to it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions } from 'fastify';
import { type Auditor, createAuditor } from '../../src/audit/auditor.ts';
import { createAuditSearch } from '../../src/audit/search.ts';
import { openAuditTrail } from '../../src/audit/trail.ts';
import { openFileBlobs } from '../../src/blobs/files.ts';
import type { Limits } from '../../src/config/config.ts';
import type { ConsoleDeps, RegionFacts } from '../../src/console-api/console-deps.ts';
import { createConsoleApp } from '../../src/console-api/server.ts';
import { createAccount } from '../../src/identity/accounts.ts';
import { createKeyRing } from '../../src/encryption/key-ring.ts';
import { openMasterKey } from '../../src/identity/master-key-file.ts';
import { createRefusalLog } from '../../src/explain/refusal-log.ts';
import { createUsers, type User } from '../../src/identity/users.ts';
import { openLmdbStore } from '../../src/metadata/lmdb.ts';
import { type Meter, openMeter } from '../../src/reports/meter-buffer.ts';
import { createLog } from '../../src/observe/log.ts';
import { createProject } from '../../src/projects/projects.ts';
import type { AccountId, Region } from '../../src/shared/ids.ts';
import { Browser } from './browser.ts';
import { type App, listenHttp } from './over-http.ts';

export const ROOT_EMAIL = 'owner@example.com';
export const ROOT_PASSWORD = 'Root-Passw0rd';
export const USER_PASSWORD = 'User-Passw0rd';

export type ConsoleFixture = AsyncDisposable & {
  readonly deps: ConsoleDeps;
  readonly folder: string;
  readonly accountId: AccountId;
  readonly projectId: string;
  /** a browser that nobody has signed in with */
  readonly browser: () => Browser;
  readonly root: () => Promise<Browser>;
  /** a new IAM user with these policies, signed in */
  readonly user: (username: string, policies?: readonly string[]) => Promise<Browser & { user: User }>;
  readonly advanceClock: (ms: number) => void;
  readonly meter: Meter;
};

const limits: Limits = {
  'keys-per-account': 10,
  'projects-per-account': 10,
  'buckets-per-project': 1000,
  'users-per-account': 20,
  'policies-per-account': 20,
  'policies-per-identity': 20,
  'groups-per-account': 20,
  'groups-per-user': 10,
  'service-accounts-per-account': 20,
  'roles-per-account': 20,
  'openid-providers-per-account': 5,
  'access-keys-per-user': 2,
  'temporary-keys-per-account': 50,
};

type Options = Partial<
  Pick<ConsoleDeps, 'consoleDir' | 'localCaPem' | 'trustedProxies' | 'mailEnabled' | 'selfSignUp' | 'oidcAllowHttp'>
> & {
  /** on a real connection instead of Fastify's imitation of one, for bodies that stream */
  readonly overHttp?: true;
  readonly twoRegions?: true;
};

const DAY_MS = 86_400_000;
const SECOND = 'HCM04' as Region;

const regionFacts = (name: Region, host: string): RegionFacts => ({
  name,
  endpoint: `https://${host}:9000`,
  domains: [`s3.${host}`],
  websiteDomains: [`web.${host}`],
  storageClasses: ['STANDARD', 'STANDARD_IA', 'DEEP_ARCHIVE'],
});

export async function startConsole({ overHttp, twoRegions, ...options }: Options = {}): Promise<ConsoleFixture> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-api-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const store = opened.use(await openLmdbStore({ path: join(folder, 'metadata'), reserveBytes: 0 }));
  const blobs = opened.use(await openFileBlobs({ path: join(folder, 'blobs'), reserveBytes: 0 }));
  const masterKey = await openMasterKey(store, { kind: 'file', path: join(folder, 'master.key') }, undefined);
  let lateMs = 0;
  const clock = () => Date.now() + lateMs;
  const region = 'HAN02' as Region;
  const onError = (error: unknown): void => process.emitWarning(String(error));
  const trail = openAuditTrail({ store, clock, holder: { host: 'test', pid: 1, role: 'test' }, onError });
  const audit: Auditor = opened.use(createAuditor({ store, onError }, trail));
  const refusals = opened.use(createRefusalLog({ store, onError, onDrop: () => {} }));
  const meter = opened.use(openMeter({ store, clock, holder: 'test', onError }));
  const deps: ConsoleDeps = {
    identity: { store, clock, masterKey, limits, regionNames: [region, ...(twoRegions === true ? [SECOND] : [])] },
    storage: {
      store,
      blobs,
      clock,
      inlineBytes: 16_384,
      poolOf: (name, storageClass) => (name === region ? storageClass : `${name}-${storageClass}`),
      keyRing: createKeyRing({ store, masterKey, clock }, []),
    },
    objects: {
      bucketDefaults: 'aws',
      lifecycleDayMs: DAY_MS,
      webhookNames: ['alerts'],
    },
    regions: () => [
      regionFacts(region, 'localhost'),
      ...(twoRegions === true ? [regionFacts(SECOND, 'hcm04.localhost')] : []),
    ],
    localCaPem: null,
    consoleDir: null,
    sessionIdleMs: 30 * 60_000,
    mailEnabled: false,
    selfSignUp: false,
    oidcAllowHttp: false,
    trustedProxies: null,
    audit,
    auditSearch: createAuditSearch({ store }),
    listJobs: async () => [],
    refusals,
    meter,
    log: createLog('silent'),
    ...options,
  };
  const app = await createConsoleApp(deps);
  opened.defer(() => app.close());
  const { account } = await createAccount(deps.identity, { email: ROOT_EMAIL, password: ROOT_PASSWORD });
  const { accountId } = account;
  const wanted = { accountId, name: 'default', region, class: 'gold', quotaBytes: 2 ** 30 } as const;
  const { projectId } = await createProject(deps.identity, wanted);
  const imitated: App = { inject: async (ask) => await app.inject(ask as InjectOptions) };
  const target = overHttp === true ? opened.use(await listenHttp(app)) : imitated;
  const browser = () => new Browser(target);
  const resources = opened.move();
  return {
    deps,
    folder,
    accountId,
    projectId,
    browser,
    root: async () => {
      const signedIn = browser();
      await signedIn.signIn({ type: 'root', email: ROOT_EMAIL, password: ROOT_PASSWORD });
      return signedIn;
    },
    user: async (username, policies = []) => {
      const password = USER_PASSWORD;
      const { users } = await createUsers(deps.identity, { accountId, usernames: [username], password, policies });
      const [user] = users;
      if (user === undefined) throw new Error('no user was made');
      const signedIn = browser();
      await signedIn.signIn({ type: 'iam', rootEmail: ROOT_EMAIL, username, password });
      return Object.assign(signedIn, { user });
    },
    meter,
    advanceClock: (ms) => {
      lateMs += ms;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
