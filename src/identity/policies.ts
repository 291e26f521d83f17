// Custom policies of an account, beside the managed ones that are code. Names differ in more than case.
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type IdentityTag,
  type PolicyRecord,
  policyKey,
  policyRange,
  policyVersionRange,
} from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { checkDocument } from '../policy/check-document.ts';
import { findManagedPolicy, managedPolicies } from '../policy/managed.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId } from '../shared/ids.ts';
import { getAccountRecord } from './accounts.ts';
import { bumpEpoch } from './epoch.ts';
import { checkIamName, checkPath, checkTags } from './iam-names.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { type PolicyUsage, readPolicyUsage } from './policy-usage.ts';
import { readRecord, readRecords } from './read-records.ts';

export type PolicyInfo = PolicyUsage & {
  readonly type: 'managed' | 'custom';
  readonly name: string;
  readonly path: string;
  readonly description: string;
  /** of the default version */
  readonly document: string;
  readonly defaultVersion: number;
  readonly tags: readonly IdentityTag[];
  /** null for managed ones */
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
};

export type NewPolicy = {
  readonly accountId: AccountId;
  readonly name: string;
  readonly description: string;
  readonly document: string;
  readonly path?: string;
  readonly tags?: readonly IdentityTag[];
};

export function checkDescription(description: string): void {
  if (description.length <= 1000) return;
  const message = 'The description may have 1000 characters.';
  throw new ProblemError(400, 'invalid-description', message, { field: 'description' });
}

/** Throws MalformedPolicyError for a document that cannot be used. */
export async function createPolicy(deps: IdentityDeps, wanted: NewPolicy): Promise<PolicyInfo> {
  const { accountId, name, description, document, path = '/', tags = [] } = wanted;
  checkIamName('policy', name);
  if (findManagedPolicy(name) !== undefined) throw nameTaken(name);
  checkPath(path);
  checkTags(tags);
  checkDescription(description);
  checkDocument(document, name);
  const now = deps.clock();
  const times = { createdAt: now, updatedAt: now, versionCreatedAt: now };
  const record: PolicyRecord = { v: 1, accountId, name, path, description, document, tags, ...times };
  await deps.store.transact(async (transaction) => {
    await getAccountRecord(transaction, accountId);
    if ((await transaction.get(policyKey(accountId, name))) !== undefined) throw nameTaken(name);
    await checkPolicyLimit(deps, transaction, accountId);
    transaction.put(policyKey(accountId, name), encodeRecord(record));
    await bumpEpoch(transaction, accountId);
  });
  return customInfo(record, { attachedTo: [], boundaryOf: [] });
}

async function checkPolicyLimit(deps: IdentityDeps, transaction: Transaction, accountId: AccountId): Promise<void> {
  const limit = deps.limits['policies-per-account'];
  const present = await transaction.range({ ...policyRange(accountId), limit: Math.max(1, limit) });
  if (present.length < limit) return;
  throw new ProblemError(409, 'limit-exceeded', `An account may have ${limit} policies. Delete some first.`);
}

const nameTaken = (name: string): ProblemError =>
  new ProblemError(409, 'policy-name-taken', `There is a policy named ${name} already.`, { field: 'name' });
export const noSuchPolicy = (name: string): ProblemError =>
  new ProblemError(404, 'no-such-policy', `There is no policy named ${name}.`);

/** In exactly this case: what was authorized is the name as it was sent. */
export async function getCustomPolicy(snapshot: Snapshot, accountId: AccountId, name: string): Promise<PolicyRecord> {
  if (findManagedPolicy(name) !== undefined) {
    const message = `${name} comes with vStorage and cannot be changed. Copy it instead.`;
    throw new ProblemError(409, 'managed-policy', message);
  }
  const record = await readRecord<PolicyRecord>(snapshot, policyKey(accountId, name));
  if (record === undefined || record.name !== name) throw noSuchPolicy(name);
  return record;
}

/** Its description, tags or path alone: a document makes a version (policy-versions.ts). */
export async function describePolicy(
  deps: IdentityDeps,
  accountId: AccountId,
  name: string,
  change: { readonly description?: string | undefined; readonly tags?: readonly IdentityTag[] | undefined },
): Promise<PolicyInfo> {
  return deps.store.transact(async (transaction) => {
    const record = await getCustomPolicy(transaction, accountId, name);
    const { description = record.description, tags = record.tags ?? [] } = change;
    checkDescription(description);
    checkTags(tags);
    const changed: PolicyRecord = { ...record, description, tags, updatedAt: deps.clock() };
    transaction.put(policyKey(accountId, name), encodeRecord(changed));
    return customInfo(changed, (await readPolicyUsage(transaction, accountId))(name));
  });
}

/** With its versions. Refused while anybody has it. */
export async function deletePolicy(deps: IdentityDeps, accountId: AccountId, name: string): Promise<void> {
  await deps.store.transact(async (transaction) => {
    const { name: policy } = await getCustomPolicy(transaction, accountId, name);
    const usage = (await readPolicyUsage(transaction, accountId))(policy);
    refuseInUse([...usage.attachedTo, ...usage.boundaryOf].map((holder) => holder.name));
    transaction.delete(policyKey(accountId, name));
    for (const { key } of await transaction.range({ ...policyVersionRange(accountId, name), limit: 100 })) {
      transaction.delete(key);
    }
    await bumpEpoch(transaction, accountId);
  });
}

function refuseInUse(holders: readonly string[]): void {
  if (holders.length === 0) return;
  const some = `${holders.slice(0, 3).join(', ')}${holders.length > 3 ? ' …' : ''}`;
  const message = `The policy is in use by ${holders.length}: ${some}. Detach it first.`;
  throw new ProblemError(409, 'policy-in-use', message);
}

export function customInfo(record: PolicyRecord, usage: PolicyUsage): PolicyInfo {
  const { name, path = '/', description, document, createdAt, updatedAt, tags = [], defaultVersion = 1 } = record;
  const facts = { name, path, description, document, defaultVersion, tags, createdAt, updatedAt };
  return { type: 'custom', ...facts, ...usage };
}

/** Managed ones first, then by name. */
export async function listPolicies(deps: IdentityDeps, accountId: AccountId): Promise<PolicyInfo[]> {
  return deps.store.read(async (snapshot) => {
    const usageOf = await readPolicyUsage(snapshot, accountId);
    const custom = await readRecords<PolicyRecord>(snapshot, policyRange(accountId));
    const managed = managedPolicies.map(({ name, description, document }): PolicyInfo => {
      const facts = { name, path: '/', description, document, defaultVersion: 1, tags: [] };
      return { type: 'managed', ...facts, createdAt: null, updatedAt: null, ...usageOf(name) };
    });
    return [...managed, ...custom.map((record) => customInfo(record, usageOf(record.name)))];
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

/** The name as it is written; throws when there is no such policy. */
export async function checkPolicyName(snapshot: Snapshot, accountId: AccountId, name: string): Promise<string> {
  const found = findManagedPolicy(name) ?? (await readRecord<PolicyRecord>(snapshot, policyKey(accountId, name)));
  if (found === undefined) throw noSuchPolicy(name);
  return found.name;
}

/** The names as they are written, each once; throws when one does not exist, or they are too many for one identity. */
export async function checkPolicyNames(
  { limits }: Pick<IdentityDeps, 'limits'>,
  snapshot: Snapshot,
  accountId: AccountId,
  names: readonly string[],
): Promise<string[]> {
  const known = await Promise.all(names.map((name) => checkPolicyName(snapshot, accountId, name)));
  const unique = [...new Set(known)];
  const limit = limits['policies-per-identity'];
  if (unique.length <= limit) return unique;
  const message = `At most ${limit} policies can be attached to one user, group, service account or role.`;
  throw new ProblemError(409, 'limit-exceeded', message);
}
