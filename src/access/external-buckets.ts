// Buckets of other accounts beside a project's own. Adding one gives no right: every request for it is decided by its
// own policy and ACL and by the asker's policies, as S3 requests of another account are.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import {
  type ExternalBucketRecord,
  externalBucketKey,
  externalBucketRange,
} from '../metadata/tables/external-buckets.ts';
import type { ProjectRecord } from '../metadata/tables/identities.ts';
import { type BucketRecord, bucketKey, type ObjectAccess } from '../metadata/tables/objects.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { Clock } from '../shared/clock.ts';
import { ProblemError } from '../shared/errors.ts';
import type { BucketName, ObjectKey, Region } from '../shared/ids.ts';
import { configurationsOf } from '../storage/bucket-configurations.ts';
import { bucketAccessOf } from './bucket-access.ts';
import { askOf, type S3Actor } from './s3-actor.ts';

/** More than anybody finds in a list; each row costs some decisions. */
export const MAX_EXTERNAL_BUCKETS = 100;

type Deps = { readonly store: MetadataStore; readonly clock: Clock };
type Project = Pick<ProjectRecord, 'projectId' | 'accountId'>;

export const externalRights = ['list', 'download', 'upload', 'delete'] as const;
export type ExternalRight = (typeof externalRights)[number];

/** What the asker may do below the prefix, as far as it can be said without a key. */
export async function externalRightsOf(
  actor: S3Actor,
  bucket: BucketRecord,
  prefix: string,
): Promise<readonly ExternalRight[]> {
  const below = `${prefix}*` as ObjectKey;
  const asks = {
    list: askOf('s3:ListBucket', bucket, null, { context: { 's3:prefix': prefix } }),
    download: askOf('s3:GetObject', bucket, below, { isNew: true }),
    upload: askOf('s3:PutObject', bucket, below),
    delete: askOf('s3:DeleteObject', bucket, below, { isNew: true }),
  };
  const answers = await Promise.all(externalRights.map((right) => actor.allows(asks[right])));
  return externalRights.filter((_, index) => answers[index] === true);
}

export type NewExternalBucket = {
  readonly project: Project;
  readonly region: Region;
  readonly name: BucketName;
  readonly prefix: string;
  readonly actor: S3Actor;
};

const readBucket = (deps: Pick<Deps, 'store'>, region: Region, name: BucketName): Promise<BucketRecord | undefined> =>
  deps.store.read(async (snapshot) => {
    const value = await snapshot.get(bucketKey(region, name));
    return value === undefined ? undefined : decodeRecord<BucketRecord>(value);
  });

/** Errors: not-shared, bucket-not-external, external-bucket-known, too-many-external-buckets. */
export async function addExternalBucket(deps: Deps, wanted: NewExternalBucket): Promise<ExternalBucketRecord> {
  const { project, name, prefix, actor } = wanted;
  const bucket = await readBucket(deps, wanted.region, name);
  if (bucket?.accountId === project.accountId) {
    const message = `The bucket ${name} is your own account's. Open it in its project.`;
    throw new ProblemError(409, 'bucket-not-external', message, { field: 'name' });
  }
  // who may do nothing is not told whether there is such a bucket
  if (bucket === undefined || (await externalRightsOf(actor, bucket, prefix)).length === 0) {
    throw new ProblemError(
      404,
      'not-shared',
      `No bucket ${name} in this region is shared with you. Check the name, and give its owner your account id: the owner allows it in the bucket policy or the ACL.`,
      { field: 'name' },
    );
  }
  const record: ExternalBucketRecord = {
    v: 1,
    name,
    bucketId: bucket.bucketId,
    prefix,
    addedAt: deps.clock(),
    addedBy: actor.identity.name,
  };
  await deps.store.transact(async (transaction) => {
    const rows = await transaction.range({
      ...externalBucketRange(project.projectId),
      limit: MAX_EXTERNAL_BUCKETS,
    });
    const known = rows.map(({ value }) => decodeRecord<ExternalBucketRecord>(value)).find((row) => row.name === name);
    if (known?.bucketId === bucket.bucketId) {
      const message = `The project has the bucket ${name} already. Remove it first to change its folder.`;
      throw new ProblemError(409, 'external-bucket-known', message, { field: 'name' });
    }
    if (known === undefined && rows.length >= MAX_EXTERNAL_BUCKETS) {
      const message = `A project has ${MAX_EXTERNAL_BUCKETS} external buckets at most. Remove one first.`;
      throw new ProblemError(409, 'too-many-external-buckets', message);
    }
    transaction.put(externalBucketKey(project.projectId, name), encodeRecord(record));
  });
  return record;
}

export async function listExternalBuckets(
  { store }: Pick<Deps, 'store'>,
  { projectId }: Pick<Project, 'projectId'>,
): Promise<readonly ExternalBucketRecord[]> {
  const rows = await store.read((snapshot) =>
    snapshot.range({ ...externalBucketRange(projectId), limit: MAX_EXTERNAL_BUCKETS }),
  );
  return rows.map(({ value }) => decodeRecord<ExternalBucketRecord>(value));
}

/** The bucket itself; undefined: it is gone, or another has its name now. */
export async function bucketOfExternal(
  deps: Pick<Deps, 'store'>,
  region: Region,
  { name, bucketId }: ExternalBucketRecord,
): Promise<BucketRecord | undefined> {
  const bucket = await readBucket(deps, region, name);
  return bucket?.bucketId === bucketId ? bucket : undefined;
}

/** The bucket of this name that was added to the project, if it is still the same one. */
export async function findExternalBucket(
  deps: Pick<Deps, 'store'>,
  { projectId }: Pick<Project, 'projectId'>,
  region: Region,
  name: BucketName,
): Promise<BucketRecord | undefined> {
  const value = await deps.store.read((snapshot) => snapshot.get(externalBucketKey(projectId, name)));
  return value === undefined ? undefined : bucketOfExternal(deps, region, decodeRecord<ExternalBucketRecord>(value));
}

/** Says whether it was there. */
export function removeExternalBucket(
  { store }: Pick<Deps, 'store'>,
  { projectId }: Pick<Project, 'projectId'>,
  name: BucketName,
): Promise<boolean> {
  return store.transact(async (transaction) => {
    const key = externalBucketKey(projectId, name);
    if ((await transaction.get(key)) === undefined) return false;
    transaction.delete(key);
    return true;
  });
}

/** Whose an object is that the actor writes: where ACLs are in use, the writer's own, as S3 has it. */
export async function newObjectOf(
  deps: Pick<Deps, 'store'>,
  actor: S3Actor,
  bucket: BucketRecord,
): Promise<{ readonly access?: ObjectAccess }> {
  const { canonicalId } = actor.identity;
  if (canonicalId === bucket.ownerCanonicalId) return {};
  const { ownership } = bucketAccessOf(bucket, await configurationsOf(deps, bucket));
  return ownership === 'BucketOwnerEnforced' ? {} : { access: { ownerCanonicalId: canonicalId } };
}
