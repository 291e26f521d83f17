import type { EncryptionConfiguration } from '../../metadata/tables/bucket-configurations.ts';
import { askOf } from '../../access/s3-actor.ts';
import type { S3Ask } from '../../access/s3-resource.ts';
import type { ObjectSettings, Api, ConsoleDeps, RegionFacts } from '../console-deps.ts';
import { parseBucketName } from '../../storage/bucket-names.ts';
import type { SetConfigurations } from '../../storage/bucket-configurations.ts';
import { classOfProject, createBucket, deleteBucket, listBuckets } from '../../storage/buckets.ts';
import { isArchive } from '../../storage/storage-classes.ts';
import type { z } from 'zod';
import { nothing, refusals } from '../answers.ts';
import { projectParams, pageQuery } from '../contract.ts';
import { bucketList, bucketParams, bucketView, createBucketRequest, storageOptions } from '../contract/buckets.ts';
import { bucketScope, projectScope, sharedBucketScope } from '../objects/bucket-scope.ts';
import { viewBucket } from '../objects/bucket-view.ts';
import { chosenClass } from '../objects/storage-class.ts';
import { decodeCursor, encodeCursor } from '../paging.ts';

const tags = ['Buckets'];
const access = 'signed-in';

type Wanted = z.output<typeof createBucketRequest>;

const SSE_S3: EncryptionConfiguration['byDefault'] = { algorithm: 'AES256' };

function encryptionFor({ encryption }: Wanted, defaults: 'aws' | 'legacy'): EncryptionConfiguration['byDefault'] {
  if (encryption === undefined) return defaults === 'aws' ? SSE_S3 : null;
  if (encryption.type === 'none') return null;
  return encryption.type === 'SSE-S3' ? SSE_S3 : { algorithm: 'aws:kms', keyId: encryption.keyName };
}

function configurationsFor(wanted: Wanted, { bucketDefaults }: ObjectSettings): SetConfigurations {
  const byDefault = encryptionFor(wanted, bucketDefaults);
  const { ownership } = wanted;
  return {
    ...(byDefault === null ? {} : { encryption: { v: 1, byDefault, bucketKeyEnabled: false, customerKeys: null } }),
    ...(ownership === undefined ? {} : { ownership: { v: 1, ownership } }),
  };
}

/** As S3 asks for a bucket that is made with these settings. */
function createAsks(wanted: Wanted): S3Ask[] {
  const actions = [
    's3:CreateBucket',
    ...(wanted.objectLock ? ['s3:PutBucketObjectLockConfiguration'] : []),
    ...(wanted.objectLock || wanted.versioning ? ['s3:PutBucketVersioning'] : []),
    ...(wanted.ownership === undefined ? [] : ['s3:PutBucketOwnershipControls']),
    ...(wanted.encryption === undefined ? [] : ['s3:PutEncryptionConfiguration']),
  ];
  const bucket = parseBucketName(wanted.name);
  return actions.map((action) => ({ action, bucket, key: null, record: null }));
}

/** Websites answer on the S3 listener, at its port. */
function websiteHosts({ websiteDomains, endpoint }: RegionFacts): string[] {
  const { port } = new URL(endpoint);
  return websiteDomains.map((domain) => (port === '' ? domain : `${domain}:${port}`));
}

export function bucketListRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/projects/:projectId/buckets',
    {
      config: { access, audit: 'ListBuckets' },
      schema: {
        tags,
        summary: 'The buckets of the project, by name, with their usage',
        params: projectParams,
        querystring: pageQuery,
        response: { 200: bucketList, ...refusals },
      },
    },
    async (request) => {
      const { actor, storage, project } = await projectScope(deps, request, request.params.projectId, {
        operation: 'ListBuckets',
      });
      await actor.demand({ action: 's3:ListAllMyBuckets', bucket: null, key: null, record: null });
      const { cursor, limit } = request.query;
      const startAfter = cursor === undefined ? null : decodeCursor(cursor);
      const found = await listBuckets(storage, project.projectId, { maxBuckets: limit, startAfter });
      const items = await Promise.all(found.buckets.map((bucket) => viewBucket(storage, bucket)));
      return { items, nextCursor: found.next === null ? null : encodeCursor(found.next) };
    },
  );
  api.post(
    '/projects/:projectId/buckets',
    {
      config: { access, audit: 'CreateBucket' },
      schema: {
        tags,
        summary: 'Make a bucket',
        params: projectParams,
        body: createBucketRequest,
        response: { 201: bucketView, ...refusals },
      },
    },
    async (request, reply) => {
      const wanted = request.body;
      const { actor, storage, project, region } = await projectScope(deps, request, request.params.projectId, {
        operation: 'CreateBucket',
      });
      const asks = createAsks(wanted);
      await actor.demand(...asks);
      const { accountId, canonicalId } = actor.identity;
      const bucket = await createBucket(storage, {
        name: parseBucketName(wanted.name),
        account: { accountId, canonicalId },
        projectId: project.projectId,
        objectLock: wanted.objectLock,
        versioning: wanted.versioning,
        storageClass: chosenClass(region, wanted.storageClass, classOfProject(project)),
        configurations: configurationsFor(wanted, deps.objects),
        ...(deps.objects.bucketDefaults === 'legacy' ? { accessDefaults: 'legacy' } : {}),
        maxBuckets: deps.identity.limits['buckets-per-project'],
        guard: actor.guard(...asks),
      });
      return await reply.code(201).send(await viewBucket(storage, bucket));
    },
  );
}

export function bucketRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/projects/:projectId/storage-options',
    {
      config: { access, audit: 'GetStorageOptions' },
      schema: {
        tags,
        summary: 'The storage classes and keys that buckets and objects of the project can have',
        params: projectParams,
        response: { 200: storageOptions, ...refusals },
      },
    },
    async (request) => {
      const { project, region } = await projectScope(deps, request, request.params.projectId, {
        operation: 'ListBuckets',
      });
      const { bucketDefaults, webhookNames } = deps.objects;
      return {
        storageClasses: region.storageClasses.map((name) => ({ name, archive: isArchive(name) })),
        storageClass: classOfProject(project),
        kmsKeys: [...deps.storage.keyRing.kmsKeys],
        webhooks: [...webhookNames],
        websiteHosts: websiteHosts(region),
        bucketDefaults,
      };
    },
  );
  api.get(
    '/projects/:projectId/buckets/:bucket',
    {
      config: { access, audit: 'GetBucket' },
      schema: { tags, summary: 'One bucket', params: bucketParams, response: { 200: bucketView, ...refusals } },
    },
    async (request) => {
      const { actor, storage, bucket, project } = await sharedBucketScope(deps, request, { operation: 'HeadBucket' });
      await actor.demand(askOf('s3:ListBucket', bucket));
      const view = await viewBucket(storage, bucket);
      // who else may see it is its owner's business
      return bucket.projectId === project.projectId ? view : { ...view, publicAccess: false, external: true as const };
    },
  );
  api.delete(
    '/projects/:projectId/buckets/:bucket',
    {
      config: { access, audit: 'DeleteBucket' },
      schema: {
        tags,
        summary: 'Delete an empty bucket; a task empties one that is not',
        params: bucketParams,
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      const { actor, storage, bucket } = await bucketScope(deps, request, { operation: 'DeleteBucket' });
      const ask = askOf('s3:DeleteBucket', bucket);
      await actor.demand(ask);
      await deleteBucket(storage, bucket, actor.guard(ask));
      return await reply.code(204).send(null);
    },
  );
}
