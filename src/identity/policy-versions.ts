// A custom policy keeps up to five versions of its document, one of which is the default: the one that counts. It stands
// in the policy's own record, the others beside it. Numbers are never used again.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type PolicyRecord,
  type PolicyVersionRecord,
  policyKey,
  policyVersionKey,
  policyVersionRange,
} from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { checkDocument } from '../policy/check-document.ts';
import { findManagedPolicy } from '../policy/managed.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId } from '../shared/ids.ts';
import { bumpEpoch } from './epoch.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { type PolicyInfo, checkDescription, customInfo, getCustomPolicy, noSuchPolicy } from './policies.ts';
import { readPolicyUsage } from './policy-usage.ts';
import { readRecord, readRecords } from './read-records.ts';

export const MAX_VERSIONS = 5;

export type PolicyVersion = {
  readonly version: number;
  readonly isDefault: boolean;
  readonly document: string;
  /** null for managed policies */
  readonly createdAt: number | null;
};

export type NewVersion = {
  readonly accountId: AccountId;
  readonly name: string;
  readonly document: string;
  /** false: the policy means what it did until the version is made the default */
  readonly setAsDefault: boolean;
  /** when there are five, the oldest that is not the default makes room; otherwise that is refused */
  readonly replaceOldest?: boolean;
};

/** Throws MalformedPolicyError for a document that cannot be used. */
export async function createPolicyVersion(deps: IdentityDeps, wanted: NewVersion): Promise<PolicyVersion> {
  checkDocument(wanted.document, wanted.name);
  return changePolicy(deps, wanted.accountId, wanted.name, (transaction, record) =>
    addVersion(deps, transaction, record, wanted),
  );
}

async function addVersion(
  { clock }: Pick<IdentityDeps, 'clock'>,
  transaction: Transaction,
  record: PolicyRecord,
  { document, setAsDefault, replaceOldest = false }: NewVersion,
): Promise<{ record: PolicyRecord; result: PolicyVersion }> {
  await makeRoom(transaction, record, replaceOldest);
  const createdAt = clock();
  const version = (record.lastVersion ?? 1) + 1;
  const numbered = { ...record, lastVersion: version };
  const added: PolicyVersionRecord = { ...placeOf(record), version, document, createdAt };
  const result = { version, isDefault: setAsDefault, document, createdAt };
  if (setAsDefault) return { record: swapDefault(transaction, numbered, added, createdAt), result };
  putVersion(transaction, added);
  return { record: numbered, result };
}

const placeOf = ({ accountId, name }: PolicyRecord) => ({ v: 1, accountId, name }) as const;

async function makeRoom(transaction: Transaction, record: PolicyRecord, replaceOldest: boolean): Promise<void> {
  const others = await readOthers(transaction, record);
  const [oldest] = others;
  if (oldest === undefined || others.length + 1 < MAX_VERSIONS) return;
  if (!replaceOldest) {
    const message = `A policy keeps ${MAX_VERSIONS} versions. Delete one that is not the default first.`;
    throw new ProblemError(409, 'version-limit-exceeded', message);
  }
  transaction.delete(policyVersionKey(oldest.accountId, oldest.name, oldest.version));
}

/** All but the default one, oldest first. */
const readOthers = (snapshot: Snapshot, { accountId, name }: PolicyRecord): Promise<PolicyVersionRecord[]> =>
  readRecords<PolicyVersionRecord>(snapshot, policyVersionRange(accountId, name));

function putVersion(transaction: Transaction, version: PolicyVersionRecord): void {
  transaction.put(policyVersionKey(version.accountId, version.name, version.version), encodeRecord(version));
}

const numberOfDefault = ({ defaultVersion = 1 }: PolicyRecord): number => defaultVersion;
const timeOfDefault = ({ versionCreatedAt, updatedAt }: PolicyRecord): number => versionCreatedAt ?? updatedAt;

/** The former default goes beside the record, `next` into it. */
function swapDefault(
  transaction: Transaction,
  record: PolicyRecord,
  next: PolicyVersionRecord,
  now: number,
): PolicyRecord {
  const version = numberOfDefault(record);
  putVersion(transaction, {
    ...placeOf(record),
    version,
    document: record.document,
    createdAt: timeOfDefault(record),
  });
  transaction.delete(policyVersionKey(record.accountId, record.name, next.version));
  const { document, createdAt: versionCreatedAt, version: defaultVersion } = next;
  return { ...record, document, defaultVersion, versionCreatedAt, updatedAt: now };
}

/** In force at the next request of whoever has the policy. */
export async function setDefaultPolicyVersion(
  deps: IdentityDeps,
  accountId: AccountId,
  name: string,
  version: number,
): Promise<void> {
  await changePolicy(deps, accountId, name, async (transaction, record) => {
    if (version === numberOfDefault(record)) return { record, result: null };
    const next = await getVersion(transaction, record, version);
    return { record: swapDefault(transaction, record, next, deps.clock()), result: null };
  });
}

async function getVersion(
  transaction: Transaction,
  record: PolicyRecord,
  version: number,
): Promise<PolicyVersionRecord> {
  const { accountId, name } = record;
  const key = Number.isSafeInteger(version) && version > 0 ? policyVersionKey(accountId, name, version) : null;
  const found = key === null ? undefined : await readRecord<PolicyVersionRecord>(transaction, key);
  if (found !== undefined) return found;
  throw new ProblemError(404, 'no-such-version', `The policy ${name} has no version ${version}.`);
}

export async function deletePolicyVersion(
  deps: IdentityDeps,
  accountId: AccountId,
  name: string,
  version: number,
): Promise<void> {
  await changePolicy(deps, accountId, name, async (transaction, record) => {
    if (version === numberOfDefault(record)) {
      const message = 'This is the default version. Make another one the default first, or delete the policy.';
      throw new ProblemError(409, 'default-version', message);
    }
    await getVersion(transaction, record, version);
    transaction.delete(policyVersionKey(accountId, name, version));
    return { record, result: null };
  });
}

function changePolicy<T>(
  deps: Pick<IdentityDeps, 'store'>,
  accountId: AccountId,
  name: string,
  change: (transaction: Transaction, record: PolicyRecord) => Promise<{ record: PolicyRecord; result: T }>,
): Promise<T> {
  const apply = async (transaction: Transaction): Promise<T> => {
    const { record, result } = await change(transaction, await getCustomPolicy(transaction, accountId, name));
    transaction.put(policyKey(accountId, name), encodeRecord(record));
    await bumpEpoch(transaction, accountId);
    return result;
  };
  return deps.store.transact(apply, { administrative: true });
}

/** Newest first. */
export async function listPolicyVersions(
  deps: IdentityDeps,
  accountId: AccountId,
  name: string,
): Promise<PolicyVersion[]> {
  const managed = findManagedPolicy(name);
  if (managed !== undefined) {
    return [{ version: 1, isDefault: true, document: managed.document, createdAt: null }];
  }
  return deps.store.read(async (snapshot) => {
    const record = await readRecord<PolicyRecord>(snapshot, policyKey(accountId, name));
    if (record === undefined || record.name !== name) throw noSuchPolicy(name);
    const others = (await readOthers(snapshot, record)).map(({ version, document, createdAt }) => {
      return { version, isDefault: false, document, createdAt };
    });
    const { document } = record;
    const current = { version: numberOfDefault(record), isDefault: true, document, createdAt: timeOfDefault(record) };
    return [current, ...others].toSorted((a, b) => b.version - a.version);
  });
}

export type PolicyUpdate = {
  readonly accountId: AccountId;
  readonly name: string;
  readonly description?: string | undefined;
  readonly document: string;
  readonly replaceOldest?: boolean;
};

/** A new document becomes a new version and the default; the same one changes the description alone. */
export async function updatePolicy(deps: IdentityDeps, wanted: PolicyUpdate): Promise<PolicyInfo> {
  const { accountId, name, document, replaceOldest = false } = wanted;
  checkDocument(document, name);
  return changePolicy(deps, accountId, name, async (transaction, record) => {
    const { description = record.description } = wanted;
    checkDescription(description);
    const described: PolicyRecord = { ...record, description, updatedAt: deps.clock() };
    const version = { accountId, name, document, setAsDefault: true, replaceOldest };
    const changed =
      document === record.document ? described : (await addVersion(deps, transaction, described, version)).record;
    const usage = (await readPolicyUsage(transaction, accountId))(name);
    return { record: changed, result: customInfo(changed, usage) };
  });
}
