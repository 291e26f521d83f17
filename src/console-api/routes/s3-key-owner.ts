// S3 keys of service accounts: attached, they have its rights instead of their creator's. Whoever attaches one gets those
// rights, so that needs a right of its own on the service account.
import { attachS3Key, detachS3Key } from '../../identity/attach-s3-key.ts';
import type { ServiceAccountId } from '../../shared/ids.ts';
import { refusals } from '../answers.ts';
import { callerOf, demand } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { s3KeyParams, s3KeyView as s3KeyViewSchema } from '../contract.ts';
import { attachKeyRequest } from '../contract/iam.ts';
import { s3KeyView } from '../views/s3-key-view.ts';
import { keyFor } from './s3-keys.ts';

export function s3KeyOwnerRoutes(api: Api, deps: ConsoleDeps): void {
  const tags = ['S3 keys'];
  const response = { 200: s3KeyViewSchema, ...refusals };
  api.put(
    '/projects/:projectId/s3-keys/:id/service-account',
    {
      config: { access: 'signed-in', audit: 'AttachS3Key' },
      schema: {
        tags,
        summary: 'Attach an S3 key to a service account: it has its rights from the next request on',
        params: s3KeyParams,
        body: attachKeyRequest,
        response,
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const serviceAccountId = request.body.serviceAccountId as ServiceAccountId;
      demand(caller, 'vstorage:AttachS3Key', serviceAccountId);
      const { id } = await keyFor(deps, caller, request.params, 'Update');
      const place = { accountId: caller.identity.accountId, id };
      return s3KeyView(await attachS3Key(deps.identity, place, serviceAccountId), caller, deps.identity.clock());
    },
  );
  api.delete(
    '/projects/:projectId/s3-keys/:id/service-account',
    {
      config: { access: 'signed-in', audit: 'DetachS3Key' },
      schema: { tags, summary: 'Give an S3 key its creator’s rights again', params: s3KeyParams, response },
    },
    async (request) => {
      const caller = callerOf(request);
      const { id, owner } = await keyFor(deps, caller, request.params, 'Update');
      if (owner.type === 'service-account') demand(caller, 'vstorage:AttachS3Key', owner.serviceAccountId);
      const place = { accountId: caller.identity.accountId, id };
      return s3KeyView(await detachS3Key(deps.identity, place), caller, deps.identity.clock());
    },
  );
}
