// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
// Topics, queues and functions are all the same here: names of targets (events/arn.ts).
import { parseEventArn } from '../../events/arn.ts';
import { isEventName, overlap } from '../../events/event-names.ts';
import { testEventJson } from '../../events/event-json.ts';
import { putEvent } from '../../events/outbox.ts';
import type { NotificationRule } from '../../metadata/tables/events.ts';
import { S3Error } from '../../shared/errors.ts';
import type { BucketName, ObjectKey } from '../../shared/ids.ts';
import { configurationsOf } from '../../storage/bucket-configurations.ts';
import { findBucket } from '../../storage/buckets.ts';
import { setNotification } from '../../storage/notification-configuration.ts';
import type { OperationContext } from '../operation.ts';
import { declare } from '../operation.ts';
import { findHeader } from '../parameters.ts';
import { requireBucket } from '../require.ts';
import { readNotification, writeRule } from '../xml/notification.ts';
import { resultDocument } from '../xml/write.ts';

const MAX_XML_BYTES = 512 * 1024;
const MAX_RULES = 100;
const MAX_ID_LENGTH = 255;

function checkRules(rules: readonly NotificationRule[]): void {
  if (rules.length > MAX_RULES) throw invalid(`A bucket can have ${MAX_RULES} notification configurations at most.`);
  if (new Set(rules.map(({ id }) => id)).size !== rules.length) {
    throw invalid('Same ID used for multiple configurations. IDs must be unique');
  }
  if (rules.some(({ id }) => id.length > MAX_ID_LENGTH)) {
    throw invalid(`ID length should not exceed allowed limit of ${MAX_ID_LENGTH}`);
  }
  const unknown = rules.flatMap(({ events }) => events).find((event) => !isEventName(event));
  if (unknown !== undefined) {
    throw new S3Error('InvalidArgument', {
      message: 'The event is not supported for notifications',
      fields: { ArgumentName: 'Event', ArgumentValue: unknown },
    });
  }
  for (const [index, rule] of rules.entries()) {
    if (rules.slice(0, index).some((other) => overlaps(rule, other))) {
      throw invalid('Configurations overlap. Configurations on the same bucket cannot share a common event type.');
    }
  }
}

/** Could one change of an object be told by both? */
function overlaps(a: NotificationRule, b: NotificationRule): boolean {
  const [prefixA, prefixB] = [a.prefix ?? '', b.prefix ?? ''];
  const [suffixA, suffixB] = [a.suffix ?? '', b.suffix ?? ''];
  return (
    a.events.some((event) => b.events.some((other) => overlap(event, other))) &&
    (prefixA.startsWith(prefixB) || prefixB.startsWith(prefixA)) &&
    (suffixA.endsWith(suffixB) || suffixB.endsWith(suffixA))
  );
}

const invalid = (message: string): S3Error => new S3Error('InvalidArgument', { message });

async function checkDestinations(context: OperationContext, rules: readonly NotificationRule[]): Promise<void> {
  for (const { arn } of rules) {
    const reason = await refusalOf(context, arn);
    if (reason === null) continue;
    throw new S3Error('InvalidArgument', {
      message: 'Unable to validate the following destination configurations',
      fields: { ArgumentName1: arn, ArgumentValue1: reason },
    });
  }
}

/** Why events cannot go there; null: they can. */
async function refusalOf(context: OperationContext, arn: string): Promise<string | null> {
  const destination = parseEventArn(arn);
  if (destination === null)
    return 'The ARN is not of the form arn:vstorage:webhook:::NAME or arn:vstorage:report:::BUCKET';
  if (destination.kind === 'webhook') {
    return context.services.webhookNames.includes(destination.name) ? null : 'This server has no such webhook';
  }
  const { projectId } = requireBucket(context);
  const report = await findBucket(context.services, destination.bucket as BucketName);
  if (report === undefined || report.projectId !== projectId) return 'There is no such bucket in the project';
  const on = { bucket: report.name, key: 'report' as ObjectKey, record: report };
  return (await context.allows({ action: 's3:PutObject', on })) ? null : 'You may not write to the report bucket';
}

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
    checkRules(rules);
    await checkDestinations(context, rules);
    const origin = { principalId: '', sourceIpAddress: '', requestId: request.id, hostId: services.hostId };
    const arns = skipCheck ? [] : new Set(rules.map(({ arn }) => arn));
    await setNotification(services, {
      bucket: requireBucket(context),
      value: { v: 1, rules },
      guard,
      told: (transaction, bucket) => {
        const now = services.clock();
        for (const arn of arns) putEvent(transaction, { bucket, arn, event: testEventJson(bucket, origin, now), now });
      },
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
