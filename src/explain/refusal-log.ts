// Refusals on their way into the store. Working out why costs more than refusing, so it is done afterwards, in batches, and
// only so often for one sender: a flood of refused requests neither slows the others nor fills the disk.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { NOBODY, refusalByAccountKey, refusalKey } from '../metadata/tables/refusals.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import type { NotedRefusal, RefusalRecord } from './refusal.ts';

const FLUSH_EVERY_MS = 500;
/** In one second and process. */
const MOST_OF_ONE_SENDER = 20;
const MOST_OF_ALL = 100;
const MAX_MESSAGE = 500;
const MAX_RESOURCE = 1200;

export type RefusalLog = AsyncDisposable & {
  /** Costs the caller nothing but the object. */
  readonly note: (refusal: NotedRefusal) => void;
};

type Deps = {
  readonly store: MetadataStore;
  readonly onError: (error: unknown) => void;
  /** one was not kept: there were too many */
  readonly onDrop: () => void;
};

export function createRefusalLog(deps: Deps): RefusalLog {
  let waiting: NotedRefusal[] = [];
  let second = 0;
  let ofSender = new Map<string, number>();
  let ofAll = 0;
  let writing: Promise<void> = Promise.resolve();
  const isTooMany = ({ at, sender }: NotedRefusal): boolean => {
    const now = Math.floor(at / 1000);
    if (now !== second) {
      second = now;
      ofSender = new Map();
      ofAll = 0;
    }
    const count = (ofSender.get(sender) ?? 0) + 1;
    if (count > MOST_OF_ONE_SENDER || ofAll >= MOST_OF_ALL) return true;
    ofSender.set(sender, count);
    ofAll++;
    return false;
  };
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) writing = writing.then(() => writeAll(deps, batch)).catch(deps.onError);
  };
  const timer = setInterval(flush, FLUSH_EVERY_MS).unref();
  return {
    note: (refusal) => {
      if (isTooMany(refusal)) deps.onDrop();
      else waiting.push(refusal);
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      flush();
      await writing;
    },
  };
}

async function writeAll({ store, onError }: Deps, batch: readonly NotedRefusal[]): Promise<void> {
  const records: RefusalRecord[] = [];
  for (const { explain, sender: _sender, ...noted } of batch) {
    try {
      const message = noted.message.slice(0, MAX_MESSAGE);
      const resource = noted.resource?.slice(0, MAX_RESOURCE) ?? null;
      records.push({ v: 1, ...noted, message, resource, ...(await explain()) });
    } catch (error) {
      onError(error);
    }
  }
  await store.transact(async (transaction) => {
    for (const record of records) {
      const { requestId, at, accountId } = record;
      transaction.put(refusalKey(requestId), encodeRecord(record));
      transaction.put(refusalByAccountKey(accountId ?? NOBODY, at, requestId), Buffer.alloc(0));
    }
  });
}
