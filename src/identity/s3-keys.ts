// S3 keys: access key and secret, of one project, with the rights of whoever made them at the time of each request.
// The secret leaves in the answer that creates the key and never again: what is returned elsewhere does not have it.
import type { Transaction } from '../metadata/metadata-store.ts';
import {
  type IdentityRef,
  type ProjectRecord,
  type S3KeyRecord,
  projectKey,
  s3KeyByAccountRange,
  s3KeyByOwnerRange,
  s3KeyByProjectRange,
  s3KeyKey,
} from '../metadata/tables/identities.ts';
import { ProblemError } from '../shared/errors.ts';
import { type AccountId, type ProjectId, type S3KeyId, newS3KeyId } from '../shared/ids.ts';
import { bumpEpoch } from './epoch.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { loadIdentity } from './load-identity.ts';
import { sealIn } from './master-key-state.ts';
import { type RestrictionInput, parseRestriction } from './parse-restriction.ts';
import { readRecord } from './read-records.ts';
import { newPair, parseDescription, parseExpiry, parsePair } from './s3-key-facts.ts';
import { secretAad } from './s3-key-record.ts';
import { deleteKey, putKey, readKeyById, readKeys } from './s3-key-rows.ts';
import { type S3Key, showKey, showKeys } from './shown-s3-key.ts';

export type { S3Key } from './shown-s3-key.ts';

export type NewS3Key = {
  readonly accountId: AccountId;
  readonly projectId: ProjectId;
  readonly creator: IdentityRef;
  readonly description?: string | undefined;
  /** ms since 1970; null: never */
  readonly expiresAt?: number | null | undefined;
  /** a pair brought from another system */
  readonly imported?: { readonly accessKey: string; readonly secretKey: string } | undefined;
  /** without: it may do what its creator may */
  readonly restriction?: RestrictionInput | null | undefined;
  /** how many its creator may have, those that were rotated out not counted; without: only the account's limit holds */
  readonly maxOfCreator?: number | undefined;
};

/** A key with its secret: what is sent once. */
export type MadeS3Key = { readonly record: S3Key; readonly secretKey: string };

export async function createS3Key(deps: IdentityDeps, wanted: NewS3Key): Promise<MadeS3Key> {
  const { accountId, projectId, creator } = wanted;
  const pair = wanted.imported === undefined ? newPair() : parsePair(wanted.imported);
  const description = parseDescription(wanted.description ?? '');
  const now = deps.clock();
  const facts = {
    projectId,
    creator,
    description,
    status: 'active',
    createdAt: now,
    expiresAt: parseExpiry(wanted.expiresAt ?? null, now),
    restriction: parseRestriction(wanted.restriction ?? null),
  } as const;
  const record = await deps.store.transact(async (transaction) => {
    await checkPlace(transaction, wanted);
    await checkKeyLimit(deps, transaction, accountId);
    await checkCreatorLimit(transaction, wanted);
    const made = await addKey(deps, transaction, { accountId, accessKey: pair.accessKey, ...facts }, pair.secretKey);
    await bumpEpoch(transaction, accountId);
    return showKey(transaction, made, now);
  });
  return { record, secretKey: pair.secretKey };
}

/** Stores a key under a new id, its secret sealed. */
export async function addKey(
  deps: IdentityDeps,
  transaction: Transaction,
  facts: Omit<S3KeyRecord, 'v' | 'id' | 'sealedSecret'>,
  secretKey: string,
): Promise<S3KeyRecord> {
  if ((await transaction.get(s3KeyKey(facts.accessKey))) !== undefined) {
    const message = 'This access key exists already. Access keys are unique on the whole server.';
    throw new ProblemError(409, 'access-key-taken', message, { field: 'accessKey' });
  }
  const id = newS3KeyId();
  const sealedSecret = await sealIn(transaction, deps.masterKey, secretKey, secretAad({ ...facts, id }));
  const record: S3KeyRecord = { v: 1, id, sealedSecret, ...facts };
  putKey(transaction, record);
  return record;
}

async function checkPlace(transaction: Transaction, { accountId, projectId, creator }: NewS3Key): Promise<void> {
  const project = await readRecord<ProjectRecord>(transaction, projectKey(projectId));
  if (project === undefined || project.accountId !== accountId) {
    throw new ProblemError(404, 'no-such-project', 'There is no such project.');
  }
  if (project.trashedAt !== null) {
    throw new ProblemError(409, 'project-in-trash', 'The project is in the trash. Restore it first.');
  }
  if (creator.type === 'role') {
    const message = 'A role has no S3 keys: whoever takes it on gets temporary credentials.';
    throw new ProblemError(409, 'no-keys-for-roles', message);
  }
  if ((await loadIdentity(transaction, accountId, creator)) !== undefined) return;
  throw new ProblemError(409, 'creator-inactive', 'The account or the creator of this key is disabled or deleted.');
}

/** Keys that were rotated out do not count: their successors do. */
async function checkKeyLimit(deps: IdentityDeps, transaction: Transaction, accountId: AccountId): Promise<void> {
  const limit = deps.limits['keys-per-account'];
  const present = await readKeys(transaction, s3KeyByAccountRange(accountId));
  if (present.filter(({ rotation }) => rotation === undefined).length < limit) return;
  const message = `The account has reached its limit of ${limit} S3 keys. Delete one you no longer use.`;
  throw new ProblemError(409, 'limit-exceeded', message);
}

async function checkCreatorLimit(
  transaction: Transaction,
  { accountId, creator, maxOfCreator }: NewS3Key,
): Promise<void> {
  if (maxOfCreator === undefined) return;
  const present = await readKeys(transaction, s3KeyByOwnerRange(accountId, creator));
  if (present.filter(({ rotation }) => rotation === undefined).length < maxOfCreator) return;
  const message = `Cannot exceed quota for AccessKeysPerUser: ${maxOfCreator}`;
  throw new ProblemError(409, 'limit-exceeded', message);
}

/** Newest first. */
export async function listS3Keys(
  deps: IdentityDeps,
  { accountId, projectId }: { readonly accountId: AccountId; readonly projectId?: ProjectId | undefined },
): Promise<S3Key[]> {
  const index = projectId === undefined ? s3KeyByAccountRange(accountId) : s3KeyByProjectRange(accountId, projectId);
  return deps.store.read(async (snapshot) => {
    const records = await readKeys(snapshot, index);
    const shown = await showKeys(snapshot, records, deps.clock());
    return shown.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
  });
}

/** `accountId` null: of any account (operators name a key by its id alone). */
export async function findS3Key(
  deps: IdentityDeps,
  accountId: AccountId | null,
  id: S3KeyId,
): Promise<S3Key | undefined> {
  return deps.store.read(async (snapshot) => {
    const record = await readKeyById(snapshot, id);
    const theirs = record !== undefined && (accountId === null || record.accountId === accountId);
    return theirs ? showKey(snapshot, record, deps.clock()) : undefined;
  });
}

export type S3KeyChange = {
  readonly accountId: AccountId;
  readonly id: S3KeyId;
  readonly status?: S3KeyRecord['status'] | undefined;
  readonly description?: string | undefined;
  readonly expiresAt?: number | null | undefined;
  /** null: takes it away */
  readonly restriction?: RestrictionInput | null | undefined;
};

/** What is undefined stays. In force at the next request on every worker. */
export async function updateS3Key(deps: IdentityDeps, change: S3KeyChange): Promise<S3Key> {
  const { accountId, id } = change;
  const restriction = change.restriction === undefined ? undefined : parseRestriction(change.restriction);
  const update = async (transaction: Transaction): Promise<S3Key> => {
    const record = await getKey(transaction, accountId, id);
    const changed: S3KeyRecord = {
      ...record,
      status: change.status ?? record.status,
      description: change.description === undefined ? record.description : parseDescription(change.description),
      expiresAt: change.expiresAt === undefined ? record.expiresAt : parseExpiry(change.expiresAt, deps.clock()),
      restriction: restriction === undefined ? (record.restriction ?? null) : restriction,
    };
    putKey(transaction, changed);
    await bumpEpoch(transaction, accountId);
    return showKey(transaction, changed, deps.clock());
  };
  return deps.store.transact(update, { administrative: true });
}

export async function getKey(transaction: Transaction, accountId: AccountId, id: S3KeyId): Promise<S3KeyRecord> {
  const record = await readKeyById(transaction, id);
  if (record !== undefined && record.accountId === accountId) return record;
  throw new ProblemError(404, 'no-such-s3-key', 'There is no such S3 key.');
}

/** For good, in one commit; resolves with those that were there. Dead at the next request on every worker. */
export async function deleteS3Keys(
  deps: IdentityDeps,
  { accountId, ids }: { readonly accountId: AccountId; readonly ids: readonly S3KeyId[] },
): Promise<{ deleted: S3KeyId[]; missing: S3KeyId[] }> {
  return deps.store.transact(async (transaction) => {
    const deleted: S3KeyId[] = [];
    const missing: S3KeyId[] = [];
    for (const id of new Set(ids)) {
      const record = await readKeyById(transaction, id);
      if (record === undefined || record.accountId !== accountId) missing.push(id);
      else {
        deleteKey(transaction, record);
        deleted.push(id);
      }
    }
    if (deleted.length > 0) await bumpEpoch(transaction, accountId);
    return { deleted, missing };
  });
}
