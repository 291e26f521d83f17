// Roles: identities without keys of their own, taken on for a time by whoever their trust policy names.
import { UnknownPrincipalError, findNamedIdentities } from '../access/named-identities.ts';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { type IdentityTag, type RoleRecord, roleByNameKey, roleKey, roleRange } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { MalformedPolicyError } from '../policy/malformed-policy.ts';
import { parseTrustPolicy } from '../policy/parse.ts';
import { ProblemError } from '../shared/errors.ts';
import { type AccountId, type RoleId, newRoleId } from '../shared/ids.ts';
import { getAccountRecord } from './accounts.ts';
import { bumpEpoch } from './epoch.ts';
import { checkIamName, checkPath, checkTags } from './iam-names.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { checkPolicyName, checkPolicyNames } from './policies.ts';
import { noSuchHolder } from './policy-holders.ts';
import { encodeText, readRecord, readRecords, textValue } from './read-records.ts';

export const DEFAULT_SESSION_SECONDS = 3600;
export const MIN_SESSION_SECONDS = 3600;
export const MAX_SESSION_SECONDS = 43_200;
/** White space does not count, as in AWS. */
const MAX_TRUST_CHARACTERS = 2048;
const HOUR_MS = 3_600_000;

export type NewRole = {
  readonly accountId: AccountId;
  readonly name: string;
  readonly path?: string | undefined;
  readonly description?: string | undefined;
  /** who may take it on: the JSON text */
  readonly trustPolicy: string;
  readonly maxSessionSeconds?: number | undefined;
  readonly tags?: readonly IdentityTag[] | undefined;
  /** name of a managed or custom policy */
  readonly boundary?: string | undefined;
  /** names of managed or custom policies */
  readonly policies?: readonly string[] | undefined;
};

/** Throws MalformedPolicyError for a trust policy that cannot be used or names somebody who is not there. */
export async function createRole(deps: IdentityDeps, wanted: NewRole): Promise<RoleRecord> {
  const { accountId, name, path = '/', tags = [], trustPolicy, boundary, policies = [] } = wanted;
  checkIamName('role', name);
  checkPath(path);
  checkTags(tags);
  const description = checkDescription(wanted.description ?? '');
  const maxSessionSeconds = checkSessionSeconds(wanted.maxSessionSeconds ?? DEFAULT_SESSION_SECONDS);
  return deps.store.transact(async (transaction) => {
    await getAccountRecord(transaction, accountId);
    if ((await transaction.get(roleByNameKey(accountId, name))) !== undefined) {
      throw new ProblemError(409, 'role-name-taken', `There is a role named ${name} already.`, { field: 'name' });
    }
    await checkRoleLimit(deps, transaction, accountId);
    const record: RoleRecord = {
      v: 1,
      roleId: newRoleId(),
      ...{ accountId, name, path, description, trustPolicy, maxSessionSeconds, tags },
      trustIdentities: await checkTrust(transaction, trustPolicy, name),
      boundary: boundary === undefined ? null : await checkPolicyName(transaction, accountId, boundary),
      policies: await checkPolicyNames(deps, transaction, accountId, policies),
      createdAt: deps.clock(),
    };
    transaction.put(roleByNameKey(accountId, name), encodeText(record.roleId));
    return putRole(transaction, record);
  });
}

async function putRole(transaction: Transaction, record: RoleRecord): Promise<RoleRecord> {
  transaction.put(roleKey(record.accountId, record.roleId), encodeRecord(record));
  await bumpEpoch(transaction, record.accountId);
  return record;
}

async function checkRoleLimit(deps: IdentityDeps, transaction: Transaction, accountId: AccountId): Promise<void> {
  const limit = deps.limits['roles-per-account'];
  const present = await transaction.range({ ...roleRange(accountId), limit: Math.max(1, limit) });
  if (present.length < limit) return;
  throw new ProblemError(409, 'limit-exceeded', `An account may have ${limit} roles. Delete some first.`);
}

function checkDescription(text: string): string {
  if (Array.from(text).length <= 1000) return text;
  const message = 'The description may have 1000 characters.';
  throw new ProblemError(400, 'invalid-description', message, { field: 'description' });
}

function checkSessionSeconds(seconds: number): number {
  if (Number.isSafeInteger(seconds) && seconds >= MIN_SESSION_SECONDS && seconds <= MAX_SESSION_SECONDS) return seconds;
  const message = `The longest session lasts ${MIN_SESSION_SECONDS} to ${MAX_SESSION_SECONDS} seconds.`;
  throw new ProblemError(400, 'invalid-session-seconds', message, { field: 'maxSessionSeconds' });
}

/** Whom it names, by their ids: nobody gets what was meant for somebody else by taking a name over. */
async function checkTrust(
  snapshot: Snapshot,
  document: string,
  name: string,
): Promise<NonNullable<RoleRecord['trustIdentities']>> {
  if (document.replaceAll(/\s/g, '').length > MAX_TRUST_CHARACTERS) {
    const message = `A trust policy may have ${MAX_TRUST_CHARACTERS} characters, white space not counted.`;
    throw new ProblemError(409, 'limit-exceeded', message, { field: 'trustPolicy' });
  }
  const policy = parseTrustPolicy(document, name);
  try {
    return await findNamedIdentities(snapshot, policy);
  } catch (error) {
    if (!(error instanceof UnknownPrincipalError)) throw error;
    const message = `invalid principal in policy: nobody is ${JSON.stringify(error.written)}`;
    throw new MalformedPolicyError(message, { line: 1, column: 1, path: 'Principal' });
  }
}

export const noSuchRole = (): ProblemError => noSuchHolder('role');

export const readRole = (snapshot: Snapshot, accountId: AccountId, id: RoleId): Promise<RoleRecord | undefined> =>
  readRecord<RoleRecord>(snapshot, roleKey(accountId, id));

export async function readRoleByName(
  snapshot: Snapshot,
  accountId: AccountId,
  name: string,
): Promise<RoleRecord | undefined> {
  const id = await snapshot.get(roleByNameKey(accountId, name));
  return id === undefined ? undefined : readRole(snapshot, accountId, textValue(id) as RoleId);
}

export function findRole(deps: IdentityDeps, accountId: AccountId, idOrName: string): Promise<RoleRecord | undefined> {
  return deps.store.read(
    async (snapshot) =>
      (await readRole(snapshot, accountId, idOrName as RoleId)) ??
      (await readRoleByName(snapshot, accountId, idOrName)),
  );
}

/** By name. */
export async function listRoles(deps: Pick<IdentityDeps, 'store'>, accountId: AccountId): Promise<RoleRecord[]> {
  const records = await deps.store.read((snapshot) => readRecords<RoleRecord>(snapshot, roleRange(accountId)));
  return records.toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

export type RoleChange = {
  readonly description?: string | undefined;
  readonly maxSessionSeconds?: number | undefined;
  readonly trustPolicy?: string | undefined;
  readonly tags?: readonly IdentityTag[] | undefined;
};

/** What is undefined stays. Sessions of whom a new trust policy does not name any more end at their next request. */
export function updateRole(
  deps: IdentityDeps,
  accountId: AccountId,
  roleId: RoleId,
  change: RoleChange | ((record: RoleRecord) => RoleChange),
): Promise<RoleRecord> {
  const update = async (transaction: Transaction): Promise<RoleRecord> => {
    const record = await readRole(transaction, accountId, roleId);
    if (record === undefined) throw noSuchRole();
    return putRole(
      transaction,
      await changed(transaction, record, typeof change === 'function' ? change(record) : change),
    );
  };
  return deps.store.transact(update, { administrative: true });
}

async function changed(
  snapshot: Snapshot,
  record: RoleRecord,
  { description, maxSessionSeconds, trustPolicy, tags }: RoleChange,
): Promise<RoleRecord> {
  if (tags !== undefined) checkTags(tags);
  return {
    ...record,
    ...(description === undefined ? {} : { description: checkDescription(description) }),
    ...(maxSessionSeconds === undefined ? {} : { maxSessionSeconds: checkSessionSeconds(maxSessionSeconds) }),
    ...(tags === undefined ? {} : { tags }),
    ...(trustPolicy === undefined
      ? {}
      : { trustPolicy, trustIdentities: await checkTrust(snapshot, trustPolicy, record.name) }),
  };
}

/** For good; its sessions end. `refuseInUse`: not while policies are attached to it or written in it. */
export async function deleteRole(
  deps: IdentityDeps,
  accountId: AccountId,
  roleId: RoleId,
  { refuseInUse }: { readonly refuseInUse: boolean },
): Promise<void> {
  const remove = async (transaction: Transaction): Promise<void> => {
    const record = await readRole(transaction, accountId, roleId);
    if (record === undefined) throw noSuchRole();
    if (refuseInUse) refuseWithPolicies(record);
    transaction.delete(roleKey(accountId, roleId));
    transaction.delete(roleByNameKey(accountId, record.name));
    await bumpEpoch(transaction, accountId);
  };
  await deps.store.transact(remove, { administrative: true });
}

function refuseWithPolicies({ name, policies, inlinePolicies = [] }: RoleRecord): void {
  const left = policies.length > 0 ? 'detach all policies' : inlinePolicies.length > 0 ? 'delete policies' : null;
  if (left === null) return;
  throw new ProblemError(409, 'role-in-use', `Cannot delete entity, must ${left} first: the role ${name} has some.`);
}

/** To the hour; moves no epoch, for it gives nobody anything. */
export function noteRoleUse(transaction: Transaction, record: RoleRecord, now: number): void {
  if (now - (record.lastUsedAt ?? 0) < HOUR_MS) return;
  const used: RoleRecord = { ...record, lastUsedAt: now };
  transaction.put(roleKey(record.accountId, record.roleId), encodeRecord(used));
}
