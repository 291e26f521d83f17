// What follows from the settings of a bucket: who can reach it, what its lifecycle rules do, which events were not told.
import { reachOf } from '../../access/bucket-reach.ts';
import { askOf } from '../../access/s3-actor.ts';
import { listFailedEvents } from '../../events/failures.ts';
import { refusals } from '../answers.ts';
import { parseLifecycle } from '../bucket-settings/lifecycle.ts';
import { previewLifecycle } from '../bucket-settings/lifecycle-preview.ts';
import { callerOf, demand } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { bucketReach, failedEvents } from '../contract/bucket-access.ts';
import { lifecycleDocument, lifecyclePreview } from '../contract/bucket-lifecycle.ts';
import { bucketParams } from '../contract/buckets.ts';
import { bucketScope } from '../objects/bucket-scope.ts';
import { isoTime } from '../views/times.ts';

const tags = ['Bucket settings'];
const access = 'signed-in';
const bucketUrl = '/projects/:projectId/buckets/:bucket';
const MAX_EVENTS = 100;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** `s3.object.key` of an event, written as in a URL there. */
function keyOf(event: Readonly<Record<string, unknown>>): string | null {
  const s3 = event['s3'];
  const object = typeof s3 === 'object' && s3 !== null && 'object' in s3 ? s3.object : null;
  const key = typeof object === 'object' && object !== null && 'key' in object ? textOf(object.key) : null;
  if (key === null) return null;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

export function bucketReachRoutes(api: Api, deps: ConsoleDeps): void {
  api.get(
    `${bucketUrl}/reach`,
    {
      config: { access, audit: 'GetBucketReach' },
      schema: {
        tags,
        summary:
          'Who can reach the bucket: from its policy, ACL and public access block, and from users, policies and keys',
        params: bucketParams,
        response: { 200: bucketReach, ...refusals },
      },
    },
    async (request) => {
      const { actor, bucket } = await bucketScope(deps, request, { operation: 'GetBucketPolicy' });
      await actor.demand(askOf('s3:GetBucketPolicy', bucket), askOf('s3:GetBucketAcl', bucket));
      // the answer names everybody, and quotes their policies
      demand(callerOf(request), 'vstorage:ListUsers', '*');
      demand(callerOf(request), 'vstorage:GetPolicy', '*');
      const { items, truncated } = await reachOf(deps.identity, bucket);
      return { items: [...items], truncated };
    },
  );
  api.post(
    `${bucketUrl}/lifecycle/preview`,
    {
      bodyLimit: 2 * 1024 * 1024,
      config: { access, audit: { operation: 'PreviewBucketLifecycle', access: 'read' } },
      schema: {
        tags,
        summary: 'What these lifecycle rules would do, day by day; changes nothing',
        params: bucketParams,
        body: lifecycleDocument,
        response: { 200: lifecyclePreview, ...refusals },
      },
    },
    async (request) => {
      const { actor, bucket, region } = await bucketScope(deps, request, {
        operation: 'GetBucketLifecycleConfiguration',
      });
      await actor.demand(askOf('s3:GetLifecycleConfiguration', bucket));
      return previewLifecycle(parseLifecycle(request.body, region.storageClasses), bucket);
    },
  );
  api.get(
    `${bucketUrl}/notification/failures`,
    {
      config: { access, audit: 'ListFailedEvents' },
      schema: {
        tags,
        summary: 'Events that could not be told, newest first',
        params: bucketParams,
        response: { 200: failedEvents, ...refusals },
      },
    },
    async (request) => {
      const { actor, bucket, storage } = await bucketScope(deps, request, {
        operation: 'GetBucketNotificationConfiguration',
      });
      await actor.demand(askOf('s3:GetBucketNotification', bucket));
      const found = await listFailedEvents(storage, bucket, MAX_EVENTS);
      const items = found.map(({ id, arn, createdAt, attempts, error, gaveUp, event }) => ({
        id,
        arn,
        at: isoTime(createdAt),
        attempts,
        error,
        gaveUp,
        eventName: textOf(event['eventName']) ?? textOf(event['Event']) ?? '',
        key: keyOf(event),
      }));
      return { items };
    },
  );
}
