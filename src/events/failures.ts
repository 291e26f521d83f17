// Events of a bucket that could not be told: those that are tried again, and those that were given up.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { prefixRange, tables } from '../metadata/keys.ts';
import { deadEventRange, type OutboxRecord } from '../metadata/tables/events.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';

/** Rows looked at; there are few unless a target is down. */
const MAX_ROWS = 5_000;

export type FailedEvent = {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly attempts: number;
  readonly error: string | null;
  /** it is not tried any more */
  readonly gaveUp: boolean;
  readonly event: OutboxRecord['event'];
};

/** Newest first. */
export async function listFailedEvents(
  { store }: { readonly store: MetadataStore },
  bucket: BucketRecord,
  most: number,
): Promise<readonly FailedEvent[]> {
  const [dead, waiting] = await store.read((snapshot) =>
    Promise.all([
      snapshot.range({ ...deadEventRange(), limit: MAX_ROWS }),
      snapshot.range({ ...prefixRange(tables.outbox, 'due'), limit: MAX_ROWS }),
    ]),
  );
  const ofBucket = (entries: typeof dead, gaveUp: boolean): FailedEvent[] =>
    entries
      .map(({ value }) => decodeRecord<OutboxRecord>(value))
      .filter(({ projectId, bucket: name, attempts }) => {
        return projectId === bucket.projectId && name === bucket.name && attempts > 0;
      })
      .map(({ id, arn, createdAt, attempts, lastError, event }) => {
        return { id, arn, createdAt, attempts, error: lastError, gaveUp, event };
      });
  const found = [...ofBucket(dead, true), ...ofBucket(waiting, false)];
  return found.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, most);
}
