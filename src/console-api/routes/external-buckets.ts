// Buckets that other accounts share: added to a project by name, and used below it like its own.
import {
  addExternalBucket,
  bucketOfExternal,
  externalRightsOf,
  listExternalBuckets,
  removeExternalBucket,
} from '../../access/external-buckets.ts';
import { readOwnerNames } from '../../access/owner-names.ts';
import { arnOf } from '../../access/principal.ts';
import type { ExternalBucketRecord } from '../../metadata/tables/external-buckets.ts';
import { ProblemError } from '../../shared/errors.ts';
import type { BucketName } from '../../shared/ids.ts';
import { parseBucketName } from '../../storage/bucket-names.ts';
import { nothing, refusals } from '../answers.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { projectParams } from '../contract.ts';
import {
  addExternalBucketRequest,
  externalBucketList,
  externalBucketParams,
  type ExternalBucketView,
  externalBucketView,
} from '../contract/external-buckets.ts';
import { type ProjectScope, projectScope } from '../objects/bucket-scope.ts';
import { isoTime } from '../views/times.ts';

const tags = ['External buckets'];
const access = 'signed-in';
const url = '/projects/:projectId/external-buckets';
const listing = { action: 's3:ListAllMyBuckets', bucket: null, key: null, record: null };

async function view({ actor, storage }: ProjectScope, record: ExternalBucketRecord): Promise<ExternalBucketView> {
  const { name, prefix, addedAt, addedBy } = record;
  const bucket = await bucketOfExternal(storage, storage.region, record);
  const shown = { name, prefix, addedAt: isoTime(addedAt), addedBy };
  if (bucket === undefined) return { ...shown, owner: null, rights: [] };
  const names = await readOwnerNames(storage, [bucket.ownerCanonicalId]);
  const rights = await externalRightsOf(actor, bucket, prefix);
  // whose it is concerns those only whom it is shared with
  const owner = rights.length === 0 ? '' : (names.get(bucket.ownerCanonicalId) ?? bucket.accountId);
  return { ...shown, owner, rights: [...rights] };
}

/** `bucket/folder/sub`, as the owner may have given it. */
function parsePath(text: string): { name: BucketName; prefix: string } {
  const path = text.trim().replace(/^s3:\/\//, '');
  const slash = path.indexOf('/');
  const folder = slash < 0 ? '' : path.slice(slash + 1);
  return {
    name: parseBucketName(slash < 0 ? path : path.slice(0, slash)),
    prefix: folder === '' || folder.endsWith('/') ? folder : `${folder}/`,
  };
}

export function externalBucketRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    url,
    {
      config: { access, audit: 'ListExternalBuckets' },
      schema: {
        tags,
        summary: 'The buckets of other accounts that were added to the project, and what the caller may do with them',
        params: projectParams,
        response: { 200: externalBucketList, ...refusals },
      },
    },
    async (request) => {
      const scope = await projectScope(deps, request, request.params.projectId, { operation: 'ListBuckets' });
      await scope.actor.demand(listing);
      const records = await listExternalBuckets(scope.storage, scope.project);
      const { identity } = scope.actor;
      return {
        items: await Promise.all(records.map((record) => view(scope, record))),
        you: { accountId: identity.accountId, canonicalId: identity.canonicalId, arn: arnOf(identity) },
      };
    },
  );
  api.post(
    url,
    {
      config: { access, audit: 'AddExternalBucket' },
      schema: {
        tags,
        summary: 'Put a bucket that another account shares beside those of the project',
        description:
          'It gives nobody a right: each request is decided by the policy or the ACL of the bucket and by the policies of whoever asks.',
        params: projectParams,
        body: addExternalBucketRequest,
        response: { 201: externalBucketView, ...refusals },
      },
    },
    async (request, reply) => {
      const scope = await projectScope(deps, request, request.params.projectId, { operation: 'ListBuckets' });
      const { project, storage, actor } = scope;
      await actor.demand(listing);
      const wanted = { ...parsePath(request.body.name), project, region: storage.region, actor };
      return await reply.code(201).send(await view(scope, await addExternalBucket(storage, wanted)));
    },
  );
  api.delete(
    `${url}/:bucket`,
    {
      config: { access, audit: 'RemoveExternalBucket' },
      schema: {
        tags,
        summary: 'Take it off the list; the bucket itself stays as it is',
        params: externalBucketParams,
        response: { 204: nothing, ...refusals },
      },
    },
    async (request, reply) => {
      const { projectId, bucket } = request.params;
      const scope = await projectScope(deps, request, projectId, { operation: 'ListBuckets' });
      await scope.actor.demand(listing);
      if (await removeExternalBucket(scope.storage, scope.project, bucket as BucketName)) {
        return await reply.code(204).send(null);
      }
      throw new ProblemError(404, 'no-such-external-bucket', 'This project has no external bucket of this name.');
    },
  );
}
