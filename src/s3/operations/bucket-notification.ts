// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
// Topics, queues and functions are all the same here: names of targets (events/arn.ts).
import { changeNotification } from '../../events/set-notification.ts';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import type { ObjectKey } from '../../shared/ids.ts';
import { configurationsOf } from '../../storage/bucket-configurations.ts';
import { declare } from '../operation.ts';
import { findHeader } from '../parameters.ts';
import { requireBucket } from '../require.ts';
import { readNotification, writeRule } from '../xml/notification.ts';
import { resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 512 * 1024;

export const putBucketNotificationConfiguration = declare({
  name: 'PutBucketNotificationConfiguration',
  target: 'bucket',
  method: 'PUT',
  match: ['notification'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({
    skipCheck: findHeader(request, 'x-amz-skip-destination-validation')?.toLowerCase() === 'true',
  }),
  permissions: () => [{ action: 's3:PutBucketNotification' }],
  run: async ({ skipCheck }, context) => {
    const { services, guard, request } = context;
    const rules = readNotification(await context.body.bytes(MAX_XML_BYTES));
    const allows = (report: BucketRecord, key: ObjectKey): Promise<boolean> =>
      context.allows({ action: 's3:PutObject', on: { bucket: report.name, key, record: report } });
    await changeNotification(services, {
      bucket: requireBucket(context),
      rules,
      allows,
      test: !skipCheck,
      requestId: request.id,
      guard,
    });
    return { status: 200 };
  },
});

export const getBucketNotificationConfiguration = declare({
  name: 'GetBucketNotificationConfiguration',
  target: 'bucket',
  method: 'GET',
  match: ['notification'],
  bucketMustExist: true,
  implemented: 'yes',
  input: () => null,
  permissions: () => [{ action: 's3:GetBucketNotification' }],
  run: async (_input, context) => {
    const { notification } = await configurationsOf(context.services, requireBucket(context));
    return {
      status: 200,
      body: resultDocument('NotificationConfiguration', ...(notification?.rules ?? []).map(writeRule)),
    };
  },
});
