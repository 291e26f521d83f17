// S3 keys: access key and secret, of one project, with the rights of whoever made them at the time of each request.
// The secret leaves in the answer that creates the key and never again: what is returned elsewhere does not have it.
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import {
  type AccountRecord,
  type IdentityRef,
  type ProjectRecord,
  type S3KeyRecord,
  type S3KeyUseRecord,
  type UserRecord,
  accountKey,
  projectKey,
  s3KeyByAccountRange,
  s3KeyByProjectRange,
  s3KeyKey,
  s3KeyUseKey,
  userKey,
} from '../metadata/tables/identities.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import {
  type AccessKey,
  type AccountId,
  type ProjectId,
  type S3KeyId,
  newAccessKey,
  newS3KeyId,
  newSecretKey,
} from '../shared/ids.ts';
import { bumpEpoch } from './epoch.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { loadIdentity } from './load-identity.ts';
import { readRecord } from './read-records.ts';
import { secretAad } from './s3-key-record.ts';
import { deleteKey, putKey, readKeyById, readKeys } from './s3-key-rows.ts';
import { seal } from './sealing.ts';

/** What may be shown of a key. */
export type S3Key = Omit<S3KeyRecord, 'sealedSecret'> & {
  /** the root's e-mail or the IAM user's name */
  readonly creatorName: string;
  /** to the hour; null: never */
  readonly lastUsedAt: number | null;
};

export type NewS3Key = {
  readonly accountId: AccountId;
  readonly projectId: ProjectId;
  readonly creator: IdentityRef;
  readonly description?: string | undefined;
  /** ms since 1970; null: never */
  readonly expiresAt?: number | null | undefined;
  /** a pair brought from another system */
  readonly imported?: { readonly accessKey: string; readonly secretKey: string } | undefined;
};

export async function createS3Key(deps: IdentityDeps, wanted: NewS3Key): Promise<{ record: S3Key; secretKey: string }> {
  const { accountId, projectId, creator } = wanted;
  const pair = wanted.imported === undefined ? newPair() : parsePair(wanted.imported);
  const description = parseDescription(wanted.description ?? '');
  const now = deps.clock();
  const expiresAt = parseExpiry(wanted.expiresAt ?? null, now);
  const names = { id: newS3KeyId(), accessKey: pair.accessKey, accountId };
  const sealedSecret = seal(deps.masterKey, pair.secretKey, secretAad(names));
  const facts = { projectId, creator, description, status: 'active', createdAt: now, expiresAt } as const;
  const record: S3KeyRecord = { v: 1, ...names, sealedSecret, ...facts };
  const shown = await deps.store.transact(async (transaction) => {
    await checkPlace(transaction, wanted);
    await checkKeyLimit(deps, transaction, accountId);
    if ((await transaction.get(s3KeyKey(record.accessKey))) !== undefined) {
      const message = 'This access key exists already. Access keys are unique on the whole server.';
      throw new ProblemError(409, 'access-key-taken', message, { field: 'accessKey' });
    }
    putKey(transaction, record);
    await bumpEpoch(transaction, accountId);
    return showKey(transaction, record);
  });
  return { record: shown, secretKey: pair.secretKey };
}

type Pair = { readonly accessKey: AccessKey; readonly secretKey: string };

const newPair = (): Pair => ({ accessKey: newAccessKey(), secretKey: newSecretKey() });

function parsePair({ accessKey, secretKey }: { accessKey: string; secretKey: string }): Pair {
  if (!/^[A-Za-z0-9._-]{3,128}$/.test(accessKey)) {
    const message = 'An access key has 3 to 128 characters, of letters, digits and . _ -';
    throw new ProblemError(400, 'invalid-access-key', message, { field: 'accessKey' });
  }
  if (!/^[\x20-\x7e]{8,128}$/.test(secretKey)) {
    const message = 'A secret key has 8 to 128 printable ASCII characters.';
    throw new ProblemError(400, 'invalid-secret-key', message, { field: 'secretKey' });
  }
  return { accessKey: accessKey as AccessKey, secretKey };
}

function parseDescription(text: string): string {
  const description = text.trim();
  if (Array.from(description).length <= 256 && !/\p{Cc}/u.test(description)) return description;
  const message = 'A description has at most 256 characters and no line breaks.';
  throw new ProblemError(400, 'invalid-description', message, { field: 'description' });
}

function parseExpiry(expiresAt: number | null, now: number): number | null {
  if (expiresAt === null || (Number.isSafeInteger(expiresAt) && expiresAt > now)) return expiresAt;
  throw new ProblemError(400, 'invalid-expiry', 'The expiry must lie in the future.', { field: 'expiresAt' });
}

async function checkPlace(transaction: Transaction, { accountId, projectId, creator }: NewS3Key): Promise<void> {
  const project = await readRecord<ProjectRecord>(transaction, projectKey(projectId));
  if (project === undefined || project.accountId !== accountId) {
    throw new ProblemError(404, 'no-such-project', 'There is no such project.');
  }
  if (project.trashedAt !== null) {
    throw new ProblemError(409, 'project-in-trash', 'The project is in the trash. Restore it first.');
  }
  if ((await loadIdentity(transaction, accountId, creator)) !== undefined) return;
  throw new ProblemError(409, 'creator-inactive', 'The account or the IAM user of this key is disabled or deleted.');
}

async function checkKeyLimit(deps: IdentityDeps, transaction: Transaction, accountId: AccountId): Promise<void> {
  const limit = deps.limits['keys-per-account'];
  const present = await transaction.range({ ...s3KeyByAccountRange(accountId), limit: Math.max(1, limit) });
  if (present.length < limit) return;
  const message = `The account has reached its limit of ${limit} S3 keys. Delete one you no longer use.`;
  throw new ProblemError(409, 'limit-exceeded', message);
}

async function showKey(snapshot: Snapshot, record: S3KeyRecord): Promise<S3Key> {
  const { sealedSecret: _, ...shown } = record;
  const { accountId, creator, accessKey } = record;
  const ownerKey = creator.type === 'root' ? accountKey(accountId) : userKey(accountId, creator.userId);
  const [ownerValue, useValue] = await snapshot.getMany([ownerKey, s3KeyUseKey(accessKey)]);
  const lastUsedAt = useValue === undefined ? null : decodeRecord<S3KeyUseRecord>(useValue).at;
  return { ...shown, creatorName: ownerValue === undefined ? '' : ownerName(ownerValue, creator), lastUsedAt };
}

const ownerName = (value: Uint8Array, creator: IdentityRef): string =>
  creator.type === 'root' ? decodeRecord<AccountRecord>(value).email : decodeRecord<UserRecord>(value).username;

/** Newest first. */
export async function listS3Keys(
  deps: IdentityDeps,
  { accountId, projectId }: { readonly accountId: AccountId; readonly projectId?: ProjectId | undefined },
): Promise<S3Key[]> {
  const index = projectId === undefined ? s3KeyByAccountRange(accountId) : s3KeyByProjectRange(accountId, projectId);
  return deps.store.read(async (snapshot) => {
    const records = await readKeys(snapshot, index);
    const shown = await Promise.all(records.map((record) => showKey(snapshot, record)));
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
    return theirs ? showKey(snapshot, record) : undefined;
  });
}

export type S3KeyChange = {
  readonly accountId: AccountId;
  readonly id: S3KeyId;
  readonly status?: S3KeyRecord['status'] | undefined;
  readonly description?: string | undefined;
  readonly expiresAt?: number | null | undefined;
};

/** What is undefined stays. In force at the next request on every worker. */
export async function updateS3Key(deps: IdentityDeps, change: S3KeyChange): Promise<S3Key> {
  const { accountId, id } = change;
  return deps.store.transact(async (transaction) => {
    const record = await readKeyById(transaction, id);
    if (record === undefined || record.accountId !== accountId) throw noSuchKey();
    const changed: S3KeyRecord = {
      ...record,
      status: change.status ?? record.status,
      description: change.description === undefined ? record.description : parseDescription(change.description),
      expiresAt: change.expiresAt === undefined ? record.expiresAt : parseExpiry(change.expiresAt, deps.clock()),
    };
    putKey(transaction, changed);
    await bumpEpoch(transaction, accountId);
    return showKey(transaction, changed);
  });
}

const noSuchKey = (): ProblemError => new ProblemError(404, 'no-such-s3-key', 'There is no such S3 key.');

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
