// For tests: the identity domain on a real store in a folder of its own, with a clock that can be moved.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Limits } from '../../src/config/config.ts';
import { openLmdbStore } from '../../src/metadata/lmdb.ts';
import type { ProjectRecord } from '../../src/metadata/tables/identities.ts';
import { createProject } from '../../src/projects/projects.ts';
import type { Region } from '../../src/shared/ids.ts';
import { type Account, createAccount } from '../../src/identity/accounts.ts';
import type { IdentityDeps } from '../../src/identity/identity-deps.ts';
import { MasterKey } from '../../src/identity/sealing.ts';
import type { SessionDeps } from '../../src/identity/sessions.ts';

export const ROOT_EMAIL = 'Root@example.test';
export const ROOT_PASSWORD = 'root password';
export const USER_PASSWORD = 'Us3r-password';
export const IDLE_MS = 30 * 60_000;

export type IdentityFixture = AsyncDisposable & {
  readonly deps: IdentityDeps;
  readonly sessionDeps: SessionDeps;
  readonly account: Account;
  readonly project: ProjectRecord;
  /** moves the clock */
  readonly pass: (ms: number) => void;
  readonly folder: string;
};

const defaultLimits: Limits = {
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

export async function openIdentityFixture(limits: Partial<Limits> = {}): Promise<IdentityFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'identity-test-'));
  const store = await openLmdbStore({ path: join(folder, 'metadata'), reserveBytes: 0 });
  let now = Date.parse('2026-06-01T00:00:00Z');
  const deps: IdentityDeps = {
    store,
    clock: () => now,
    masterKey: new MasterKey(new Map([[1, randomBytes(32)]])),
    limits: { ...defaultLimits, ...limits },
    regionNames: ['HAN02' as Region, 'HCM04' as Region],
  };
  const { account } = await createAccount(deps, { email: ROOT_EMAIL, password: ROOT_PASSWORD });
  const facts = { name: 'first', class: 'gold', quotaBytes: 2 ** 30 } as const;
  const project = await createProject(deps, { accountId: account.accountId, ...facts });
  return {
    deps,
    sessionDeps: { store, clock: deps.clock, masterKey: deps.masterKey, sessionIdleMs: IDLE_MS },
    account,
    project,
    pass: (ms) => {
      now += ms;
    },
    folder,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** For assert.rejects. */
export const problem = (code: string, status?: number): ((error: unknown) => boolean) => {
  return (error) =>
    error instanceof Error &&
    'code' in error &&
    error.code === code &&
    (status === undefined || ('status' in error && error.status === status));
};
