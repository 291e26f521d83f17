// Whether requests for the objects of a bucket stand in the audit trail.
import { dataAccessOf, setDataAccess } from '../../storage/bucket-audit.ts';
import { refusals } from '../answers.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { bucketAudit } from '../contract/audit.ts';
import { bucketParams } from '../contract/buckets.ts';
import { bucketIn, projectScope } from '../objects/bucket-scope.ts';

const tags = ['Audit'];
const allow = async (): Promise<void> => {};

export function bucketAuditRoutes(api: Api, deps: ConsoleDeps): void {
  const url = '/projects/:projectId/buckets/:bucket/audit';
  const response = { 200: bucketAudit, ...refusals };
  api.get(
    url,
    {
      config: { access: { action: 'vstorage:GetBucketAudit' }, audit: 'GetBucketAudit' },
      schema: { tags, summary: 'Which requests for objects stand in the audit trail', params: bucketParams, response },
    },
    async (request) => {
      const { projectId, bucket: name } = request.params;
      const scope = await projectScope(deps, request, projectId, { operation: 'GetBucketAudit' });
      return { dataAccess: dataAccessOf(await bucketIn(scope, name)) };
    },
  );
  api.put(
    url,
    {
      config: { access: { action: 'vstorage:UpdateBucketAudit' }, audit: 'UpdateBucketAudit' },
      schema: {
        tags,
        summary: 'Record requests for objects of the bucket: none, those that change something, or all',
        params: bucketParams,
        body: bucketAudit,
        response,
      },
    },
    async (request) => {
      const { projectId, bucket: name } = request.params;
      const scope = await projectScope(deps, request, projectId, { operation: 'UpdateBucketAudit' });
      const bucket = await bucketIn(scope, name);
      return { dataAccess: dataAccessOf(await setDataAccess(scope.storage, bucket, request.body.dataAccess, allow)) };
    },
  );
}
