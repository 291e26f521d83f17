// Reads of blocks within one search: rows of the index by the window, lines by the chunk.
import type { Snapshot } from '../metadata/metadata-store.ts';
import { auditChunkKey, auditTermsKey, readAuditTermsKey } from '../metadata/tables/audit.ts';
import { CHUNK_LINES } from './block-meta.ts';
import { unpackLines } from './build-block.ts';
import type { ListedBlock } from './directory.ts';
import { anyOf, findPostings, type Postings } from './postings.ts';
import type { TermHash } from './terms.ts';

/** Blocks whose rows are fetched together. */
const WINDOW = 128;

export type BlockReader = {
  /** of each group those with one of its terms; null: no record can have them all */
  readonly postings: (block: ListedBlock) => Promise<readonly Postings[] | null>;
  /** undefined: the block is gone */
  readonly line: (block: number, position: number) => Promise<string | undefined>;
  readonly chunksRead: () => number;
  readonly rowsRead: () => number;
};

type Rows = ReadonlyMap<number, Uint8Array>;

export function readBlocks(snapshot: Snapshot, groups: readonly (readonly TermHash[])[]): BlockReader {
  const windows = new Map<string, Rows>();
  const chunks = new Map<string, readonly string[]>();
  let rows = 0;
  const rowOf = async (partition: number, block: number): Promise<Uint8Array | undefined> => {
    const first = Math.floor(block / WINDOW) * WINDOW;
    const name = `${partition}/${first}`;
    const known = windows.get(name) ?? (await readWindow(snapshot, partition, first));
    if (!windows.has(name)) rows += known.size;
    windows.set(name, known);
    return known.get(block);
  };
  const find = async ({ partition, hash }: TermHash, { block, count }: ListedBlock): Promise<Postings | null> => {
    const row = await rowOf(partition, block);
    return row === undefined ? null : findPostings(row, hash, count);
  };
  return {
    postings: async (block) => {
      const all: Postings[] = [];
      for (const group of groups) {
        const found = anyOf((await Promise.all(group.map((hash) => find(hash, block)))).filter((one) => one !== null));
        if (found === null) return null;
        all.push(found);
      }
      return all;
    },
    line: async (block, position) => {
      const chunk = Math.floor(position / CHUNK_LINES);
      const name = `${block}/${chunk}`;
      const lines = chunks.get(name) ?? (await readChunk(snapshot, block, chunk));
      chunks.set(name, lines);
      return lines[position % CHUNK_LINES];
    },
    chunksRead: () => chunks.size,
    rowsRead: () => rows,
  };
}

async function readWindow(snapshot: Snapshot, partition: number, first: number): Promise<Rows> {
  const start = auditTermsKey(partition, first);
  const end = auditTermsKey(partition, first + WINDOW);
  const entries = await snapshot.range({ start, end, limit: WINDOW });
  return new Map(entries.map(({ key, value }) => [readAuditTermsKey(key).block, value]));
}

async function readChunk(snapshot: Snapshot, block: number, chunk: number): Promise<readonly string[]> {
  const value = await snapshot.get(auditChunkKey(block, chunk));
  return value === undefined ? [] : unpackLines(value);
}
