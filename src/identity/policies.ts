// Custom policies of an account, beside the managed ones that are code. Names differ in more than case.
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type PolicyRecord,
  type UserRecord,
  policyKey,
  policyRange,
  userRange,
} from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { findManagedPolicy, managedPolicies } from '../policy/managed.ts';
import { parsePolicy } from '../policy/parse.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId, UserId } from '../shared/ids.ts';
import { getAccountRecord } from './accounts.ts';
import { bumpEpoch } from './epoch.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { readRecord, readRecords } from './read-records.ts';

export type PolicyInfo = {
  readonly type: 'managed' | 'custom';
  readonly name: string;
  readonly description: string;
  readonly document: string;
  /** null for managed ones */
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly attachedTo: readonly { readonly userId: UserId; readonly username: string }[];
};

const MAX_ATTACHED = 20;

type PolicyTexts = { readonly description: string; readonly document: string };

function checkTexts({ description, document }: PolicyTexts, name: string): void {
  if (description.length > 1000) {
    throw new ProblemError(400, 'invalid-description', 'The description may have 1000 characters.', {
      field: 'description',
    });
  }
  parsePolicy(document, name);
}

/** Throws MalformedPolicyError for a document that cannot be used. */
export async function createPolicy(
  deps: IdentityDeps,
  wanted: PolicyTexts & { readonly accountId: AccountId; readonly name: string },
): Promise<PolicyInfo> {
  const { accountId, name, description, document } = wanted;
  checkName(name);
  checkTexts(wanted, name);
  const now = deps.clock();
  const record: PolicyRecord = { v: 1, accountId, name, description, document, createdAt: now, updatedAt: now };
  await deps.store.transact(async (transaction) => {
    await getAccountRecord(transaction, accountId);
    if ((await transaction.get(policyKey(accountId, name))) !== undefined) throw nameTaken(name);
    const limit = deps.limits['policies-per-account'];
    const present = await transaction.range({ ...policyRange(accountId), limit: Math.max(1, limit) });
    if (present.length >= limit) {
      throw new ProblemError(409, 'limit-exceeded', `An account may have ${limit} policies. Delete some first.`);
    }
    transaction.put(policyKey(accountId, name), encodeRecord(record));
    await bumpEpoch(transaction, accountId);
  });
  return customInfo(record, []);
}

function checkName(name: string): void {
  if (!/^[A-Za-z0-9+=,.@_-]{1,128}$/.test(name)) {
    const message = 'A policy name has 1 to 128 characters, of letters, digits and + = , . @ _ -';
    throw new ProblemError(400, 'invalid-policy-name', message, { field: 'name' });
  }
  if (findManagedPolicy(name) !== undefined) throw nameTaken(name);
}

const nameTaken = (name: string): ProblemError =>
  new ProblemError(409, 'policy-name-taken', `There is a policy named ${name} already.`, { field: 'name' });
const noSuchPolicy = (name: string): ProblemError =>
  new ProblemError(404, 'no-such-policy', `There is no policy named ${name}.`);

async function getCustom(snapshot: Snapshot, accountId: AccountId, name: string): Promise<PolicyRecord> {
  if (findManagedPolicy(name) !== undefined) {
    throw new ProblemError(
      409,
      'managed-policy',
      `${name} comes with vStorage and cannot be changed. Copy it instead.`,
    );
  }
  const record = await readRecord<PolicyRecord>(snapshot, policyKey(accountId, name));
  // in exactly this case: what was authorized is the name as it was sent
  if (record === undefined || record.name !== name) throw noSuchPolicy(name);
  return record;
}

/** Whoever has the policy has the new rights at the next request. */
export async function updatePolicy(
  deps: IdentityDeps,
  wanted: {
    readonly accountId: AccountId;
    readonly name: string;
    readonly description?: string | undefined;
    readonly document: string;
  },
): Promise<PolicyInfo> {
  return deps.store.transact(async (transaction) => {
    const record = await getCustom(transaction, wanted.accountId, wanted.name);
    const texts = { document: wanted.document, description: wanted.description ?? record.description };
    checkTexts(texts, record.name);
    const changed: PolicyRecord = { ...record, ...texts, updatedAt: deps.clock() };
    transaction.put(policyKey(record.accountId, record.name), encodeRecord(changed));
    await bumpEpoch(transaction, record.accountId);
    return customInfo(changed, await readUsers(transaction, record.accountId));
  });
}

/** Refused while it is attached. */
export async function deletePolicy(deps: IdentityDeps, accountId: AccountId, name: string): Promise<void> {
  await deps.store.transact(async (transaction) => {
    const record = await getCustom(transaction, accountId, name);
    const holders = holdersOf(record.name, await readUsers(transaction, accountId));
    if (holders.length > 0) {
      const some = holders
        .slice(0, 3)
        .map((user) => user.username)
        .join(', ');
      const message = `The policy is attached to ${holders.length} IAM user(s): ${some}. Detach it first.`;
      throw new ProblemError(409, 'policy-in-use', message);
    }
    transaction.delete(policyKey(accountId, name));
    await bumpEpoch(transaction, accountId);
  });
}

const readUsers = (snapshot: Snapshot, accountId: AccountId): Promise<UserRecord[]> =>
  readRecords<UserRecord>(snapshot, userRange(accountId));

function holdersOf(policy: string, users: readonly UserRecord[]): PolicyInfo['attachedTo'] {
  return users
    .filter((user) => user.policies.some((name) => name.toLowerCase() === policy.toLowerCase()))
    .map(({ userId, username }) => ({ userId, username }));
}

function customInfo(
  { name, description, document, createdAt, updatedAt }: PolicyRecord,
  users: readonly UserRecord[],
): PolicyInfo {
  return { type: 'custom', name, description, document, createdAt, updatedAt, attachedTo: holdersOf(name, users) };
}

/** Managed ones first, then by name. */
export async function listPolicies(deps: IdentityDeps, accountId: AccountId): Promise<PolicyInfo[]> {
  return deps.store.read(async (snapshot) => {
    const users = await readUsers(snapshot, accountId);
    const custom = await readRecords<PolicyRecord>(snapshot, policyRange(accountId));
    const managed = managedPolicies.map(({ name, description, document }): PolicyInfo => {
      const attachedTo = holdersOf(name, users);
      return { type: 'managed', name, description, document, createdAt: null, updatedAt: null, attachedTo };
    });
    return [...managed, ...custom.map((record) => customInfo(record, users))];
  });
}

/** By the name in exactly this case. */
export async function findPolicy(
  deps: IdentityDeps,
  accountId: AccountId,
  name: string,
): Promise<PolicyInfo | undefined> {
  return (await listPolicies(deps, accountId)).find((policy) => policy.name === name);
}

/** The names as they are written, each once; throws when one does not exist. */
export async function checkPolicyNames(
  transaction: Transaction,
  accountId: AccountId,
  names: readonly string[],
): Promise<string[]> {
  const known = await Promise.all(
    names.map(async (name) => {
      const found =
        findManagedPolicy(name) ?? (await readRecord<PolicyRecord>(transaction, policyKey(accountId, name)));
      if (found === undefined) throw noSuchPolicy(name);
      return found.name;
    }),
  );
  const unique = [...new Set(known)];
  if (unique.length <= MAX_ATTACHED) return unique;
  throw new ProblemError(409, 'limit-exceeded', `At most ${MAX_ATTACHED} policies can be attached to one IAM user.`);
}
