// What deciding about one question needs to know of a bucket and an object. For requests in the key's own project,
// where neither a policy nor ACLs are in play, that is nothing more than the bucket's record.
import type { Snapshot } from '../metadata/metadata-store.ts';
import { type ProjectRecord, projectKey } from '../metadata/tables/identities.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { mentionsObjectTags } from '../policy/object-tags.ts';
import type { BucketName, ObjectKey, ProjectId } from '../shared/ids.ts';
import {
  configurationIn,
  configurationsOf,
  knownConfigurations,
  revisionOf,
} from '../storage/bucket-configurations.ts';
import { isMarker, latestVersion, locateVersion } from '../storage/find-version.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import { type BucketAccess, aclsEnabled, bucketAccessOf } from './bucket-access.ts';
import { type ObjectFacts, type Resource, contentActions, isOwn } from './decide.ts';
import { type Principal, policiesOf } from './principal.ts';

/** One permission an S3 request needs. */
export type S3Ask = {
  readonly action: string;
  /** null: about no bucket (ListBuckets) */
  readonly bucket: BucketName | null;
  readonly key: ObjectKey | null;
  /** null: the bucket does not exist (CreateBucket) */
  readonly record: BucketRecord | null;
  /** absent: the current one */
  readonly versionId?: string | null;
  /** the object is only about to be made, by this account */
  readonly newOwner?: string;
  /** the same, whoever's it will be */
  readonly isNew?: true;
  /** further values for conditions, by lower-case key: what stands in the body of the request */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
};

/** Where facts come from: the store as of now, or the transaction that is about to commit. */
export type ResourceReader = {
  readonly accessOf: (bucket: BucketRecord) => Promise<BucketAccess>;
  readonly read: <T>(fn: (snapshot: Snapshot) => Promise<T>) => Promise<T>;
};

export function storeReader(deps: Pick<StorageDeps, 'store'>): ResourceReader {
  return {
    accessOf: async (bucket) =>
      bucketAccessOf(bucket, knownConfigurations(deps, bucket) ?? (await configurationsOf(deps, bucket))),
    read: (fn) => deps.store.read(fn),
  };
}

export function transactionReader(transaction: Snapshot): ResourceReader {
  return {
    accessOf: (bucket) => readAccess(transaction, bucket),
    read: (fn) => fn(transaction),
  };
}

async function readAccess(snapshot: Snapshot, bucket: BucketRecord): Promise<BucketAccess> {
  if (revisionOf(bucket) === 0) return bucketAccessOf(bucket, {});
  const { bucketId } = bucket;
  const [policy, acl, ownership, publicAccessBlock] = await Promise.all([
    configurationIn(snapshot, bucketId, 'policy'),
    configurationIn(snapshot, bucketId, 'acl'),
    configurationIn(snapshot, bucketId, 'ownership'),
    configurationIn(snapshot, bucketId, 'publicAccessBlock'),
  ]);
  return bucketAccessOf(bucket, {
    ...(policy === null ? {} : { policy }),
    ...(acl === null ? {} : { acl }),
    ...(ownership === null ? {} : { ownership }),
    ...(publicAccessBlock === null ? {} : { publicAccessBlock }),
  });
}

export async function loadResource(reader: ResourceReader, principal: Principal, ask: S3Ask): Promise<Resource> {
  const { record } = ask;
  if (record === null) return null;
  const access = await reader.accessOf(record);
  const own = isOwn(principal, record);
  const { accountId, ownerCanonicalId, projectId } = record;
  // findSigner has read whether a key's own project is in the trash
  const projectTrashed = own ? false : await reader.read((snapshot) => isTrashed(snapshot, projectId));
  const object = needsObject(principal, ask, access, own) ? await loadObject(reader, { ...ask, record }) : null;
  return { accountId, ownerCanonicalId, projectId, projectTrashed, access, object };
}

async function isTrashed(snapshot: Snapshot, projectId: ProjectId): Promise<boolean> {
  const value = await snapshot.get(projectKey(projectId));
  return value === undefined || decodeRecord<ProjectRecord>(value).trashedAt !== null;
}

type ObjectAsk = S3Ask & { readonly record: BucketRecord };

function needsObject(principal: Principal, ask: S3Ask, access: BucketAccess, own: boolean): boolean {
  if (ask.newOwner !== undefined || ask.isNew) return true;
  return ask.key !== null && (needsOwner(ask, access, own) || needsTags(principal, ask, access));
}

async function loadObject(reader: ResourceReader, ask: ObjectAsk): Promise<ObjectFacts | null> {
  if (ask.newOwner !== undefined || ask.isNew) {
    return { ownerCanonicalId: ask.newOwner ?? ask.record.ownerCanonicalId, acl: null, isNew: true, tags: [] };
  }
  const { key } = ask;
  return key === null ? null : reader.read((snapshot) => readObject(snapshot, { ...ask, key }));
}

function needsOwner({ action }: S3Ask, access: BucketAccess, own: boolean): boolean {
  return aclsEnabled(access) && (contentActions.has(action) || (action === 's3:DeleteObject' && !own));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html */
const tagged = /^s3:(Get|Put|Delete)Object(Version)?(Tagging|Acl|Attributes)?$/;
const untagged = new Set(['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion']);

function needsTags(principal: Principal, { action }: S3Ask, access: BucketAccess): boolean {
  if (!tagged.test(action) || untagged.has(action)) return false;
  if (access.policy?.readsTags === true) return true;
  if (principal.kind === 's3-key' && principal.restriction?.policies.some(mentionsObjectTags) === true) return true;
  return principal.kind !== 'anonymous' && policiesOf(principal.identity).some(mentionsObjectTags);
}

async function readObject(
  snapshot: Snapshot,
  { record, key, versionId }: ObjectAsk & { readonly key: ObjectKey },
): Promise<ObjectFacts | null> {
  const found =
    versionId === undefined || versionId === null
      ? await latestVersion(snapshot, record, key)
      : (await locateVersion(snapshot, record.bucketId, key, versionId))?.record;
  if (found === undefined || isMarker(found)) return null;
  return {
    ownerCanonicalId: found.ownerCanonicalId ?? record.ownerCanonicalId,
    acl: found.acl ?? null,
    tags: found.tags ?? [],
  };
}

/** Is there no such object? Asked only on the way to a refusal. */
export function isMissing(reader: ResourceReader, ask: ObjectAsk & { readonly key: ObjectKey }): Promise<boolean> {
  return reader.read(async (snapshot) => (await readObject(snapshot, ask)) === null);
}
