// One round of deliveries: what is due, by target, each batch settled by a commit of its own. A target that fails is left
// alone for a while, longer each time; an event that could not be told for a day is dead: kept, shown, and told again only
// when somebody asks for it.
import type { Transaction } from '../metadata/metadata-store.ts';
import {
  deadEventKey,
  deadEventRange,
  outboxDueRange,
  outboxKey,
  type OutboxRecord,
} from '../metadata/tables/events.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import type { EventTarget } from './event-target.ts';

const ROUND = 1000;
const ROUND_MS = 10_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
const GIVE_UP_AFTER_MS = 24 * 60 * 60_000;
const MAX_ERROR_LENGTH = 300;

export type DeliverDeps = Pick<StorageDeps, 'store' | 'clock'> & {
  /** null: the server has no such target (any more) */
  readonly findTarget: (arn: string) => EventTarget | null;
};

export type Round = { readonly delivered: number; readonly failed: number; readonly dead: number };

type Queued = { readonly key: Uint8Array; readonly record: OutboxRecord };

export async function deliverDue(deps: DeliverDeps): Promise<Round> {
  const range = { ...outboxDueRange(deps.clock()), limit: ROUND };
  const rows = await deps.store.read((snapshot) => snapshot.range(range));
  const queued = rows.map(({ key, value }) => ({ key, record: decodeRecord<OutboxRecord>(value) }));
  const groups = Map.groupBy(queued, ({ record }) => `${record.arn} ${record.region} ${record.bucket}`);
  const rounds = await Promise.all([...groups.values()].map((group) => deliverGroup(deps, group)));
  return rounds.reduce(
    (sum, round) => ({
      delivered: sum.delivered + round.delivered,
      failed: sum.failed + round.failed,
      dead: sum.dead + round.dead,
    }),
    { delivered: 0, failed: 0, dead: 0 },
  );
}

/** Of one source bucket to one target. */
async function deliverGroup(deps: DeliverDeps, group: readonly Queued[]): Promise<Round> {
  const target = deps.findTarget(group[0]?.record.arn ?? '');
  if (target === null) return postpone(deps, group, 'this server has no such target');
  const ready = await gathered(deps, target, group);
  const until = deps.clock() + ROUND_MS;
  const batches = split(ready, target.batchSize);
  let delivered = 0;
  let error: string | null = null;
  const work = async (): Promise<void> => {
    while (error === null && deps.clock() < until) {
      const batch = batches.pop();
      if (batch === undefined) return;
      try {
        await deliverBatch(target, batch);
        delivered += batch.length;
      } catch (cause) {
        error ??= cause instanceof Error ? cause.message : String(cause);
        batches.push(batch);
      }
    }
  };
  await Promise.all(Array.from({ length: target.concurrency }, work));
  const left = batches.flat();
  if (error === null || left.length === 0) return { delivered, failed: 0, dead: 0 };
  return { ...(await postpone(deps, left, error)), delivered };
}

async function deliverBatch(target: EventTarget, batch: readonly Queued[]): Promise<void> {
  const records = batch.map(({ record }) => record);
  await target.deliver(records, (transaction) => {
    for (const { key } of batch) transaction.delete(key);
  });
}

/** The last first: batches are taken from the end. */
function split(queued: readonly Queued[], size: number): Queued[][] {
  const batches: Queued[][] = [];
  for (let first = 0; first < queued.length; first += size) batches.push(queued.slice(first, first + size));
  return batches.toReversed();
}

/** What is too young to be told alone waits, in the queue, until the end of its minute. */
async function gathered(
  deps: DeliverDeps,
  { gatherMs }: EventTarget,
  group: readonly Queued[],
): Promise<readonly Queued[]> {
  if (gatherMs === 0) return group;
  const now = deps.clock();
  const dueAt = ({ createdAt }: OutboxRecord): number => Math.ceil((createdAt + 1) / gatherMs) * gatherMs;
  const young = group.filter(({ record }) => dueAt(record) > now);
  await move(deps, young, (transaction, { record }) => {
    transaction.put(outboxKey(dueAt(record), record.id), encodeRecord(record));
  });
  return group.filter((queued) => !young.includes(queued));
}

async function postpone(deps: DeliverDeps, group: readonly Queued[], reason: string): Promise<Round> {
  const now = deps.clock();
  const lastError = reason.slice(0, MAX_ERROR_LENGTH);
  const isDead = ({ createdAt }: OutboxRecord): boolean => now - createdAt >= GIVE_UP_AFTER_MS;
  const dead = group.filter(({ record }) => isDead(record)).length;
  await move(deps, group, (transaction, { record }) => {
    const changed: OutboxRecord = { ...record, attempts: record.attempts + 1, lastError };
    if (isDead(record)) {
      transaction.put(deadEventKey(record.id), encodeRecord(changed));
      return;
    }
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(record.attempts, 20), LONGEST_PAUSE_MS);
    transaction.put(outboxKey(now + pauseMs, record.id), encodeRecord(changed));
  });
  return { delivered: 0, failed: group.length - dead, dead };
}

/** Only what is still where it was: nothing comes back that was settled meanwhile. */
async function move(
  deps: DeliverDeps,
  group: readonly Queued[],
  put: (transaction: Transaction, queued: Queued) => void,
): Promise<void> {
  if (group.length === 0) return;
  await deps.store.transact(async (transaction) => {
    const values = await transaction.getMany(group.map(({ key }) => key));
    for (const [index, queued] of group.entries()) {
      if (values[index] === undefined) continue;
      transaction.delete(queued.key);
      put(transaction, queued);
    }
  });
}

/** Events that are not told any more; at most `limit`. */
export async function listDead({ store }: Pick<DeliverDeps, 'store'>, limit: number): Promise<OutboxRecord[]> {
  const rows = await store.read((snapshot) => snapshot.range({ ...deadEventRange(), limit }));
  return rows.map(({ value }) => decodeRecord<OutboxRecord>(value));
}

/** `again`: they get a new day of attempts; otherwise they are forgotten. Returns how many. */
export async function clearDead(
  { store, clock }: Pick<DeliverDeps, 'store' | 'clock'>,
  again: boolean,
): Promise<number> {
  let count = 0;
  for (;;) {
    const rows = await store.read((snapshot) => snapshot.range({ ...deadEventRange(), limit: ROUND }));
    if (rows.length === 0) return count;
    await store.transact(async (transaction) => {
      for (const { key, value } of rows) {
        transaction.delete(key);
        if (!again) continue;
        const record: OutboxRecord = { ...decodeRecord<OutboxRecord>(value), attempts: 0, createdAt: clock() };
        transaction.put(outboxKey(clock(), record.id), encodeRecord(record));
      }
    });
    count += rows.length;
  }
}
