// Which events of a bucket are told to whom, and what is still to be told.
import type { AccountId, BucketName, ProjectId } from '../../shared/ids.ts';
import { encodeKey, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';

export type NotificationRule = {
  readonly id: string;
  /** the element it was written in: all three mean the same here */
  readonly kind: 'Topic' | 'Queue' | 'CloudFunction';
  readonly arn: string;
  /** as they were written: `s3:ObjectCreated:*` */
  readonly events: readonly string[];
  /** null: not given */
  readonly prefix: string | null;
  readonly suffix: string | null;
};

export type NotificationConfiguration = { readonly v: 1; readonly rules: readonly NotificationRule[] };

/** Something that is to be told to one target. */
export type OutboxRecord = {
  readonly v: 1;
  readonly id: string;
  readonly arn: string;
  readonly accountId: AccountId;
  readonly projectId: ProjectId;
  readonly region: string;
  readonly bucket: BucketName;
  readonly createdAt: number;
  /** failed ones */
  readonly attempts: number;
  readonly lastError: string | null;
  /** one member of `Records` in S3's form, or s3:TestEvent as it is */
  readonly event: Readonly<Record<string, unknown>>;
};

/** value: OutboxRecord, in order of the time it is due */
export const outboxKey = (dueAt: number, id: string): Bytes => encodeKey(tables.outbox, 'due', BigInt(dueAt), id);
/** Everything due by `now`. */
export const outboxDueRange = (now: number): { start: Bytes; end: Bytes } => ({
  start: encodeKey(tables.outbox, 'due'),
  end: encodeKey(tables.outbox, 'due', BigInt(now + 1)),
});
/** value: OutboxRecord that is not tried any more */
export const deadEventKey = (id: string): Bytes => encodeKey(tables.outbox, 'dead', id);
export const deadEventRange = (): { start: Bytes; end: Bytes } => prefixRange(tables.outbox, 'dead');
