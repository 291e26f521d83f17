// Access log lines on their way into the store: a worker keeps them for a second at most, so that a log costs its requests
// nothing. A worker that is killed loses that second; one that stops writes it down. S3 promises no more ("best effort").
import { randomBytes } from 'node:crypto';
import { accessLogKey, type AccessLogRecord } from '../metadata/tables/access-logs.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import type { BucketId } from '../shared/ids.ts';
import { configurationsOf, knownConfigurations } from '../storage/bucket-configurations.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';

const FLUSH_EVERY_MS = 1_000;
/** Beyond it the newest are dropped: the store does not keep up, and memory is for requests. */
const MAX_LINES = 20_000;
const LINES_PER_ROW = 500;

type Deps = Pick<StorageDeps, 'store' | 'clock'> & {
  readonly onError: (error: unknown) => void;
};

export type AccessLogBuffer = AsyncDisposable & {
  /** Cheap: reads nothing. `bucket` must have been read for the request. */
  readonly isWanted: (bucket: BucketRecord) => boolean;
  readonly add: (bucket: BucketRecord, line: string) => void;
};

type Waiting = { bucket: BucketRecord; readonly lines: string[] };

export function createAccessLogBuffer(deps: Deps): AccessLogBuffer {
  let waiting = new Map<BucketId, Waiting>();
  let count = 0;
  let writing: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    const batch = [...waiting.values()];
    waiting = new Map();
    count = 0;
    writing = writing.then(() => write(deps, batch)).catch(deps.onError);
    return writing;
  };
  const timer = setInterval(() => {
    if (count > 0) flush().catch(deps.onError);
  }, FLUSH_EVERY_MS);
  timer.unref();
  return {
    isWanted: (bucket) => count < MAX_LINES && mayBeLogged(deps, bucket),
    add: (bucket, line) => {
      const known = waiting.get(bucket.bucketId);
      if (known === undefined) waiting.set(bucket.bucketId, { bucket, lines: [line] });
      else known.lines.push(line);
      count++;
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}

/** Not known without reading: it is looked up when lines are written. */
function mayBeLogged(deps: Deps, bucket: BucketRecord): boolean {
  const configurations = knownConfigurations(deps, bucket);
  return configurations === undefined || configurations.logging !== undefined;
}

async function write(deps: Deps, batch: readonly Waiting[]): Promise<void> {
  const logged: Waiting[] = [];
  for (const entry of batch) {
    if ((await configurationsOf(deps, entry.bucket)).logging !== undefined) logged.push(entry);
  }
  if (logged.length === 0) return;
  const now = deps.clock();
  await deps.store.transact(async (transaction) => {
    for (const { bucket, lines } of logged) {
      const { bucketId, region, name } = bucket;
      for (let first = 0; first < lines.length; first += LINES_PER_ROW) {
        const record: AccessLogRecord = {
          v: 1,
          region,
          bucket: name,
          lines: lines.slice(first, first + LINES_PER_ROW),
        };
        transaction.put(accessLogKey(bucketId, now, randomBytes(8).toString('hex')), encodeRecord(record));
      }
    }
  });
}
