import { refOf } from '../../access/principal.ts';
import { rotateS3Key } from '../../identity/rotate-s3-key.ts';
import type { S3Key } from '../../identity/s3-keys.ts';
import { ProblemError } from '../../shared/errors.ts';
import { refusals } from '../answers.ts';
import { type Caller, callerOf, demand, isSame } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { createdS3Key, rotateS3KeyRequest, s3KeyParams } from '../contract.ts';
import { s3KeyView } from '../views/s3-key-view.ts';
import { keyFor } from './s3-keys.ts';

/** The answer hands over a secret with the rights of the key's owner: whoever gets it may make such keys. */
function demandSecret(caller: Caller, key: S3Key): void {
  const own = isSame(key.owner, refOf(caller.identity));
  demand(caller, own ? 'vstorage:CreateOwnS3Key' : 'vstorage:CreateS3Key', key.projectId);
  if (!own && key.owner.type === 'service-account') demand(caller, 'vstorage:AttachS3Key', key.owner.serviceAccountId);
  if (own || key.owner.type !== 'root') return;
  throw new ProblemError(403, 'access-denied', 'Keys of the root account are rotated by the root account only.');
}

export function s3KeyRotationRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/projects/:projectId/s3-keys/:id/rotate',
    {
      config: { access: 'signed-in', audit: 'RotateS3Key' },
      schema: {
        tags: ['S3 keys'],
        summary: 'Put a new pair in the place of a key; the old one works for the overlap, then never again',
        params: s3KeyParams,
        body: rotateS3KeyRequest.nullish(),
        response: { 201: createdS3Key, ...refusals },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const key = await keyFor(deps, caller, request.params, 'Update');
      demandSecret(caller, key);
      const overlapSeconds = request.body?.overlapSeconds;
      const { record, secretKey } = await rotateS3Key(deps.identity, {
        accountId: caller.identity.accountId,
        id: key.id,
        overlapMs: overlapSeconds === undefined ? undefined : overlapSeconds * 1000,
      });
      return await reply.code(201).send({ ...s3KeyView(record, caller, deps.identity.clock()), secretKey });
    },
  );
}
