// The outbox: what is to be told stands in the store by the same commit that made it true. The job (jobs/notify.ts) tells
// it, at least once.
import { randomBytes } from 'node:crypto';
import type { Transaction } from '../metadata/metadata-store.ts';
import { type NotificationRule, outboxKey, type OutboxRecord } from '../metadata/tables/events.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import type { Clock } from '../shared/clock.ts';
import { configurationIn } from '../storage/bucket-configurations.ts';
import type { Announce, ObjectChange } from '../storage/changes.ts';
import { eventJson, type EventOrigin } from './event-json.ts';
import { asksFor, type Cause, namesOf } from './event-names.ts';

/** Listens to changes and queues the events that the bucket's configuration asks for. */
export function queueEvents(clock: Clock, cause: Cause, origin: EventOrigin): Announce {
  return async (transaction, bucket, change) => {
    if (bucket.notifies !== true) return;
    const configuration = await configurationIn(transaction, bucket.bucketId, 'notification');
    const now = clock();
    for (const name of namesOf(change, cause)) {
      const asking = (configuration?.rules ?? []).filter((rule) => asks(rule, name, change));
      const sequencer = newSequencer(now);
      for (const { id: ruleId, arn } of asking) {
        const event = eventJson({ bucket, change, name, ruleId, origin, now, sequencer });
        putEvent(transaction, { bucket, arn, event, now });
      }
    }
  };
}

function asks({ prefix, suffix, events }: NotificationRule, name: string, change: ObjectChange): boolean {
  const matches = change.key.startsWith(prefix ?? '') && change.key.endsWith(suffix ?? '');
  return matches && events.some((configured) => asksFor(configured, name, change));
}

export function putEvent(
  transaction: Transaction,
  options: {
    readonly bucket: BucketRecord;
    readonly arn: string;
    readonly event: Readonly<Record<string, unknown>>;
    readonly now: number;
  },
): void {
  const { bucket, arn, event, now } = options;
  const { accountId, projectId, region, name } = bucket;
  const id = randomBytes(16).toString('hex');
  const record: OutboxRecord = {
    v: 1,
    id,
    arn,
    accountId,
    projectId,
    region,
    bucket: name,
    createdAt: now,
    attempts: 0,
    lastError: null,
    event,
  };
  transaction.put(outboxKey(now, id), encodeRecord(record));
}

let lastSequence = 0n;

/** 16 hexadecimal digits that grow: milliseconds, then a count within one process. */
function newSequencer(now: number): string {
  const sequence = BigInt(now) << 16n;
  lastSequence = sequence > lastSequence ? sequence : lastSequence + 1n;
  return lastSequence.toString(16).toUpperCase().padStart(16, '0');
}
