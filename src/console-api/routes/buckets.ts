import type { BucketRecord } from '../../metadata/tables/objects.ts';
import { bucketUsage } from '../../projects/usage.ts';
import { listBuckets } from '../../storage/buckets.ts';
import { refusals } from '../answers.ts';
import { callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { bucketList, type BucketView, pageQuery, projectParams } from '../contract.ts';
import { decodeCursor, encodeCursor } from '../paging.ts';
import { projectOf, regionOf } from '../projects-of.ts';
import { isoTime } from '../views/times.ts';

async function viewBucket(deps: ConsoleDeps, { bucketId, name, createdAt }: BucketRecord): Promise<BucketView> {
  return { name, createdAt: isoTime(createdAt), ...(await bucketUsage(deps.storage, bucketId)) };
}

export function bucketRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    '/projects/:projectId/buckets',
    {
      config: { access: { action: 'vstorage:GetProject' } },
      schema: {
        tags: ['Projects'],
        summary: 'The buckets of the project, by name, with their usage',
        params: projectParams,
        querystring: pageQuery,
        response: { 200: bucketList, ...refusals },
      },
    },
    async (request) => {
      const project = await projectOf(deps, callerOf(request).identity.accountId, request.params.projectId);
      const { cursor, limit } = request.query;
      const found = await listBuckets({ ...deps.storage, region: regionOf(deps, project).name }, project.projectId, {
        maxBuckets: limit,
        ...(cursor === undefined ? {} : { startAfter: decodeCursor(cursor) }),
      });
      const items = await Promise.all(found.buckets.map((bucket) => viewBucket(deps, bucket)));
      return { items, nextCursor: found.next === null ? null : encodeCursor(found.next) };
    },
  );
}
