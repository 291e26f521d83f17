// Setting who is told of a bucket's events: what S3 refuses in rules that are well-formed, whether the targets can be
// reached, and the first event that tells each of them so.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
import type { NotificationRule } from '../metadata/tables/events.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { BucketName, ObjectKey } from '../shared/ids.ts';
import { findBucket } from '../storage/buckets.ts';
import { setNotification } from '../storage/notification-configuration.ts';
import type { Guard, StorageDeps } from '../storage/storage-deps.ts';
import { parseEventArn } from './arn.ts';
import { testEventJson } from './event-json.ts';
import { isEventName, overlap } from './event-names.ts';
import { putEvent } from './outbox.ts';

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

type Deps = Pick<StorageDeps, 'store' | 'clock' | 'region'> & {
  readonly webhookNames: readonly string[];
  readonly hostId: string;
};

type Change = {
  readonly bucket: BucketRecord;
  readonly rules: readonly NotificationRule[];
  /** may whoever sets this write the key into that bucket? */
  readonly allows: (report: BucketRecord, key: ObjectKey) => Promise<boolean>;
  /** tell each target that it is one */
  readonly test: boolean;
  readonly requestId: string;
  readonly guard: Guard;
};

/** Errors: InvalidArgument, and those of `changeBucket`. */
export async function changeNotification(deps: Deps, change: Change): Promise<void> {
  const { bucket, rules, guard } = change;
  checkRules(rules);
  await checkDestinations(deps, change);
  const origin = { principalId: '', sourceIpAddress: '', requestId: change.requestId, hostId: deps.hostId };
  const arns = change.test ? new Set(rules.map(({ arn }) => arn)) : [];
  await setNotification(deps, {
    bucket,
    value: { v: 1, rules },
    guard,
    told: (transaction, told) => {
      const now = deps.clock();
      for (const arn of arns) {
        putEvent(transaction, { bucket: told, arn, event: testEventJson(told, origin, now), now });
      }
    },
  });
}

async function checkDestinations(deps: Deps, change: Change): Promise<void> {
  for (const { arn } of change.rules) {
    const reason = await refusalOf(deps, change, arn);
    if (reason === null) continue;
    throw new S3Error('InvalidArgument', {
      message: 'Unable to validate the following destination configurations',
      fields: { ArgumentName1: arn, ArgumentValue1: reason },
    });
  }
}

/** Why events cannot go there; null: they can. */
async function refusalOf(deps: Deps, { bucket, allows }: Change, arn: string): Promise<string | null> {
  const destination = parseEventArn(arn);
  if (destination === null)
    return 'The ARN is not of the form arn:vstorage:webhook:::NAME or arn:vstorage:report:::BUCKET';
  if (destination.kind === 'webhook') {
    return deps.webhookNames.includes(destination.name) ? null : 'This server has no such webhook';
  }
  const report = await findBucket(deps, destination.bucket as BucketName);
  if (report === undefined || report.projectId !== bucket.projectId) return 'There is no such bucket in the project';
  return (await allows(report, 'report' as ObjectKey)) ? null : 'You may not write to the report bucket';
}
