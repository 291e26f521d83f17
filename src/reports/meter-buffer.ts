// Requests and bytes on their way into the store: a worker adds them up and writes what came together every few seconds,
// in one commit, into rows that only it writes. A worker that is killed loses those seconds; one that stops writes them
// down. While the store cannot be written, it goes on adding up.
import type { MetadataStore, Transaction } from '../metadata/metadata-store.ts';
import { type FreshMeterRecord, freshMeterKey, hourOf, type MeteredBucket } from '../metadata/tables/reports.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import type { BucketId, ProjectId } from '../shared/ids.ts';
import type { Clock } from '../shared/clock.ts';
import { addTo, BYTES_IN, BYTES_OUT, classOf, type RequestKind, noCounts, placeOf } from './meter.ts';

export const FLUSH_EVERY_MS = 5_000;
/** Beyond it buckets are not told apart for a while: their projects still are. */
const MAX_CELLS = 50_000;
const CELLS_PER_COMMIT = 500;

export type MeteredRequest = {
  readonly projectId: ProjectId;
  /** null: it names none, or none that there is */
  readonly bucket: { readonly bucketId: BucketId; readonly name: string } | null;
  readonly kind: RequestKind;
  readonly status: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
};

export type Meter = AsyncDisposable & {
  readonly count: (request: MeteredRequest) => void;
  /** Writes down what was counted so far; what cannot be written is kept. */
  readonly flush: () => Promise<void>;
};

type Deps = {
  readonly store: MetadataStore;
  readonly clock: Clock;
  /** unique among running processes, and new at each start */
  readonly holder: string;
  readonly onError: (error: unknown) => void;
};

type Cell = {
  readonly projectId: ProjectId;
  readonly hour: number;
  readonly bucket: MeteredBucket;
  readonly name: string | undefined;
  readonly counts: number[];
};
/** by bucket, or project */
type Cells = Map<string, Cell>;
type Batch = { readonly number: number; readonly cells: readonly Cell[] };

export function openMeter(deps: Deps): Meter {
  let hour = hourOf(deps.clock());
  let cells: Cells = new Map();
  let ended: Cell[] = [];
  let waiting: readonly Batch[] = [];
  let batches = 0;
  const turnHour = (now: number): void => {
    if (now === hour) return;
    ended.push(...cells.values());
    cells = new Map();
    hour = now;
  };
  const count = (request: MeteredRequest): void => {
    turnHour(hourOf(deps.clock()));
    const { projectId, bucket } = request;
    countIn(cellOf(cells, hour, projectId, null), request);
    if (bucket !== null && (cells.size < MAX_CELLS || cells.has(bucket.bucketId)))
      countIn(cellOf(cells, hour, projectId, bucket), request);
  };
  const takeBatches = (): readonly Batch[] => {
    const taken = [...ended, ...cells.values()];
    ended = [];
    cells = new Map();
    const parts = Array.from({ length: Math.ceil(taken.length / CELLS_PER_COMMIT) }, (_, part) =>
      taken.slice(part * CELLS_PER_COMMIT, (part + 1) * CELLS_PER_COMMIT),
    );
    return parts.map((part) => ({ number: ++batches, cells: part }));
  };
  const write = async (): Promise<void> => {
    // What could not be written goes first and as it was: it may have been written after all.
    if (waiting.length === 0) waiting = takeBatches();
    while (waiting[0] !== undefined) {
      await writeBatch(deps, waiting[0]);
      waiting = waiting.slice(1);
    }
  };
  let writing: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    writing = writing.then(write).catch(deps.onError);
    return writing;
  };
  const timer = setInterval(() => {
    flush().catch(deps.onError);
  }, FLUSH_EVERY_MS);
  timer.unref();
  return {
    count,
    flush,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await flush();
      // the first may have been busy with what had waited
      await flush();
    },
  };
}

function cellOf(cells: Cells, hour: number, projectId: ProjectId, bucket: MeteredRequest['bucket']): Cell {
  const id = bucket?.bucketId ?? projectId;
  const known = cells.get(id);
  if (known !== undefined) return known;
  const cell: Cell = { projectId, hour, bucket: bucket?.bucketId ?? '', name: bucket?.name, counts: noCounts() };
  cells.set(id, cell);
  return cell;
}

function countIn({ counts }: Cell, { kind, status, bytesIn, bytesOut }: MeteredRequest): void {
  const place = placeOf(kind, classOf(status));
  counts[place] = (counts[place] ?? 0) + 1;
  counts[BYTES_IN] = (counts[BYTES_IN] ?? 0) + bytesIn;
  counts[BYTES_OUT] = (counts[BYTES_OUT] ?? 0) + bytesOut;
}

const writeBatch = ({ store, holder }: Deps, { number, cells }: Batch): Promise<void> =>
  store.transact(async (transaction) => {
    for (const cell of cells) await addCell(transaction, holder, number, cell);
  });

async function addCell(transaction: Transaction, holder: string, batch: number, cell: Cell): Promise<void> {
  const key = freshMeterKey(cell.projectId, cell.hour, cell.bucket, holder);
  const value = await transaction.get(key);
  const known = value === undefined ? undefined : decodeRecord<FreshMeterRecord>(value);
  // The outcome of a commit may be unknown: what is in it already is not counted twice.
  if (known !== undefined && known.batch >= batch) return;
  const counts = [...cell.counts];
  if (known !== undefined) addTo(counts, known.counts);
  const record: FreshMeterRecord = { v: 1, batch, counts, ...(cell.name === undefined ? {} : { name: cell.name }) };
  transaction.put(key, encodeRecord(record));
}
