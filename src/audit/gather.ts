// Takes fresh records into a block: the oldest of all chains that a checkpoint covers, in order of time. Every chain's
// records are taken in their order, so a block holds of each chain what follows on the blocks before.
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import {
  auditFreshKey,
  auditFreshOfChainRange,
  auditNextBlockKey,
  type ChainId,
  readAuditFreshKey,
} from '../metadata/tables/audit.ts';
import type { Clock } from '../shared/clock.ts';
import { buildBlock } from './build-block.ts';
import { type Covered, freshChains } from './checkpoint.ts';
import { readNextBlock, textOf } from './fresh.ts';
import { readHead } from './lines.ts';
import { comparePlaces, type Place } from './place.ts';
import { MAX_BLOCK } from './postings.ts';

/** Batches of other processes may come that much later than their time says. */
const HOLD_BACK_MS = 2_000;
const ROWS_AT_ONCE = 64;
/** Rows are taken whole, so a block may lack that many. */
const FULL_BLOCK = MAX_BLOCK - 64;

type Deps = { readonly store: MetadataStore; readonly clock: Clock };

type FreshRow = {
  readonly chain: ChainId;
  readonly seq: number;
  readonly lines: readonly string[];
  readonly at: number;
};

export type GatherOptions = {
  readonly covered: Covered;
  /** records older than this are taken even when they fill no block */
  readonly patienceMs: number;
};

/** Returns how many records were taken. */
export async function gatherBlock({ store, clock }: Deps, { covered, patienceMs }: GatherOptions): Promise<number> {
  const before = clock() - HOLD_BACK_MS;
  const { block, rows } = await store.read(async (snapshot) => ({
    block: await readNextBlock(snapshot),
    rows: await oldestRows(snapshot, covered, before),
  }));
  const lines = rows.flatMap((row) => row.lines);
  const isDue = lines.length >= FULL_BLOCK || (rows[0]?.at ?? before) < before - patienceMs;
  if (lines.length === 0 || !isDue) return 0;
  const built = await buildBlock(block, inOrder(lines));
  return store.transact(async (transaction) => {
    // another process has taken them
    if ((await readNextBlock(transaction)) !== block) return 0;
    for (const { key, value } of built) transaction.put(key, value);
    for (const { chain, seq } of rows) transaction.delete(auditFreshKey(chain, seq));
    transaction.put(auditNextBlockKey(), Buffer.from(String(block + 1), 'latin1'));
    return lines.length;
  });
}

function inOrder(lines: readonly string[]): string[] {
  const placed = lines.map((line) => ({ line, place: placeOf(line) }));
  return placed.toSorted((a, b) => comparePlaces(a.place, b.place)).map(({ line }) => line);
}

/** A line that was tampered with keeps its place as far as it can be read: `verify` will say so. */
function placeOf(line: string): Place {
  return readHead(line) ?? { at: 0, chain: '', seq: 0 };
}

/** Of all chains, the row that begins first, until a block is full. */
async function oldestRows(snapshot: Snapshot, covered: Covered, before: number): Promise<FreshRow[]> {
  const queues: RowQueue[] = [];
  for await (const chain of freshChains(snapshot)) {
    const queue = new RowQueue(snapshot, chain, covered.get(chain) ?? 0);
    await queue.fetch();
    if (queue.first !== null) queues.push(queue);
  }
  const taken: FreshRow[] = [];
  let records = 0;
  for (;;) {
    const oldest = oldestOf(queues);
    const row = oldest?.first ?? null;
    if (oldest === null || row === null || row.at > before) return taken;
    records += row.lines.length;
    if (records > MAX_BLOCK) return taken;
    taken.push(row);
    await oldest.drop();
  }
}

function oldestOf(queues: readonly RowQueue[]): RowQueue | null {
  let oldest: RowQueue | null = null;
  for (const queue of queues) {
    if (queue.first !== null && (oldest?.first ?? queue.first).at >= queue.first.at) oldest = queue;
  }
  return oldest;
}

/** The covered rows of one chain, in their order. */
class RowQueue {
  readonly #snapshot: Snapshot;
  readonly #chain: ChainId;
  readonly #covered: number;
  #rows: FreshRow[] = [];
  #nextSeq = 0;
  #ended = false;

  constructor(snapshot: Snapshot, chain: ChainId, covered: number) {
    this.#snapshot = snapshot;
    this.#chain = chain;
    this.#covered = covered;
  }

  get first(): FreshRow | null {
    return this.#rows[0] ?? null;
  }

  async drop(): Promise<void> {
    this.#rows.shift();
    if (this.#rows.length === 0 && !this.#ended) await this.fetch();
  }

  async fetch(): Promise<void> {
    const { end } = auditFreshOfChainRange(this.#chain);
    const start = auditFreshKey(this.#chain, this.#nextSeq);
    const entries = await this.#snapshot.range({ start, end, limit: ROWS_AT_ONCE });
    const rows = entries.map(({ key, value }) => {
      const lines = textOf(value).split('\n');
      return { ...readAuditFreshKey(key), lines, at: placeOf(lines[0] ?? '').at };
    });
    const covered = rows.filter(({ seq, lines }) => seq + lines.length - 1 <= this.#covered);
    this.#rows = covered;
    this.#nextSeq = (rows.at(-1)?.seq ?? 0) + 1;
    this.#ended = entries.length < ROWS_AT_ONCE || covered.length < rows.length;
  }
}
