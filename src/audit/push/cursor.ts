// How far a target has been told, and what it is to be told next. Records move from fresh rows into blocks while they wait;
// a target has been told all of the blocks before one, and of each chain up to some record more.
import type { MetadataStore, Snapshot } from '../../metadata/metadata-store.ts';
import {
  auditChunkRange,
  auditChunksFrom,
  auditFreshKey,
  auditFreshOfChainRange,
  auditHeadKey,
  type AuditHeadRecord,
  auditPushKey,
  type AuditPushRecord,
  chainText,
  readAuditChunkKey,
} from '../../metadata/tables/audit.ts';
import { decodeRecord, encodeRecord } from '../../metadata/tables/record.ts';
import { unpackLines } from '../build-block.ts';
import { freshChains } from '../checkpoint.ts';
import { readNextBlock, textOf } from '../fresh.ts';
import { readHead } from '../lines.ts';
import { MAX_BLOCK } from '../postings.ts';

/** Rows hold so many lines at most. */
const ROW_LINES = 64;

export type Told = Pick<AuditPushRecord, 'block' | 'ahead'>;

/** `after`: how far it has been told when it has taken the lines. */
export type PushBatch = { readonly lines: readonly string[]; readonly after: Told };

/** A target that is new begins with what is recorded from now on. */
export async function readTold({ store }: { readonly store: MetadataStore }, target: string): Promise<Told> {
  return store.read(async (snapshot) => {
    const value = await snapshot.get(auditPushKey(target));
    if (value !== undefined) return decodeRecord<AuditPushRecord>(value);
    const ahead: Record<string, number> = {};
    for await (const chain of freshChains(snapshot)) {
      const head = await snapshot.get(auditHeadKey(chain));
      if (head !== undefined) ahead[chainText(chain)] = decodeRecord<AuditHeadRecord>(head).seq;
    }
    return { block: await readNextBlock(snapshot), ahead };
  });
}

export async function writeTold(
  { store }: { readonly store: MetadataStore },
  target: string,
  record: AuditPushRecord,
): Promise<void> {
  await store.transact(async (transaction) => transaction.put(auditPushKey(target), encodeRecord(record)));
}

/** null: it has been told everything. */
export async function nextBatch(snapshot: Snapshot, told: Told, limit: number): Promise<PushBatch | null> {
  const [first] = await snapshot.range({ ...auditChunksFrom(told.block), limit: 1 });
  return first === undefined
    ? nextFresh(snapshot, told, limit)
    : nextOfBlock(snapshot, { ...told, block: readAuditChunkKey(first.key) }, limit);
}

async function nextOfBlock(snapshot: Snapshot, told: Told, limit: number): Promise<PushBatch> {
  const { block, ahead } = told;
  const rows = await snapshot.range({ ...auditChunkRange(block), limit: MAX_BLOCK });
  const all = rows.flatMap(({ value }) => unpackLines(value));
  const untold = all.filter((line) => isUntold(line, ahead));
  if (untold.length > limit) {
    const lines = untold.slice(0, limit);
    return { lines, after: { block, ahead: moved(ahead, lines) } };
  }
  return { lines: untold, after: { block: block + 1, ahead: passed(ahead, all) } };
}

async function nextFresh(snapshot: Snapshot, told: Told, limit: number): Promise<PushBatch | null> {
  const lines: string[] = [];
  for await (const chain of freshChains(snapshot)) {
    const from = Math.max(1, (told.ahead[chainText(chain)] ?? 0) - ROW_LINES + 1);
    const { end } = auditFreshOfChainRange(chain);
    const rows = await snapshot.range({ start: auditFreshKey(chain, from), end, limit: limit + 1 });
    const untold = rows.flatMap(({ value }) => textOf(value).split('\n')).filter((line) => isUntold(line, told.ahead));
    lines.push(...untold.slice(0, limit - lines.length));
    if (lines.length >= limit) break;
  }
  return lines.length === 0 ? null : { lines, after: { ...told, ahead: moved(told.ahead, lines) } };
}

function isUntold(line: string, ahead: Told['ahead']): boolean {
  const head = readHead(line);
  return head !== null && head.seq > (ahead[head.chain] ?? 0);
}

function moved(ahead: Told['ahead'], lines: readonly string[]): Told['ahead'] {
  const next = { ...ahead };
  for (const line of lines) {
    const head = readHead(line);
    if (head !== null) next[head.chain] = Math.max(next[head.chain] ?? 0, head.seq);
  }
  return next;
}

/** What a block holds of a chain needs no mention once all of the block has been told. */
function passed(ahead: Told['ahead'], lines: readonly string[]): Told['ahead'] {
  const next = { ...ahead };
  for (const line of lines) {
    const head = readHead(line);
    if (head !== null && (next[head.chain] ?? 0) <= head.seq) delete next[head.chain];
  }
  return next;
}
