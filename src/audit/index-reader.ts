// Reads the index within one search: for each term the rows of many blocks at once, more at a time the further it goes.
import type { Snapshot } from '../metadata/metadata-store.ts';
import { auditGroupTermsKey, auditTermsKey, GROUP_BLOCKS, readAuditTermsKey } from '../metadata/tables/audit-index.ts';
import type { ListedBlock } from './block-meta.ts';
import type { Span } from './directory.ts';
import { findGroupPostings } from './group-postings.ts';
import { allOf, anyOf, countOf } from './intersect.ts';
import { findPostings, type Postings } from './postings.ts';
import type { TermHash } from './terms.ts';

const MOST_AT_ONCE = 64;

/** Records of a block that have a term of each clause. */
export type SpanIndex = {
  /** ascending; they hold until the next call */
  readonly positions: (block: ListedBlock) => Uint16Array;
  readonly count: (block: ListedBlock) => number;
};

type Finder = (block: ListedBlock) => Postings | null;

export class IndexReader {
  readonly #snapshot: Snapshot;
  readonly #clauses: readonly (readonly TermHash[])[];
  /** by partition: rows of groups, and down to which group they were read */
  readonly #groupRows = new Map<number, { rows: Map<number, Buffer>; lowest: number; width: number }>();
  #rowsRead = 0;

  constructor(snapshot: Snapshot, clauses: readonly (readonly TermHash[])[]) {
    this.#snapshot = snapshot;
    this.#clauses = clauses;
  }

  get rowsRead(): number {
    return this.#rowsRead;
  }

  /** null: no record of these blocks can be meant. */
  async open(span: Span): Promise<SpanIndex | null> {
    const finders: Finder[][] = [];
    for (const clause of this.#clauses) {
      const found = await Promise.all(clause.map((term) => this.#find(span, term)));
      const usable = found.filter((finder) => finder !== null);
      if (usable.length === 0) return null;
      finders.push(usable);
    }
    return {
      positions: (block) => {
        const found = postingsIn(finders, block);
        return found === null ? NOTHING : allOf(found, block.count);
      },
      count: (block) => {
        const found = postingsIn(finders, block);
        return found === null ? 0 : countOf(found, block.count);
      },
    };
  }

  async #find(span: Span, term: TermHash): Promise<Finder | null> {
    return span.group === null ? this.#findSingle(span, term) : this.#findInGroup(span.group, term);
  }

  async #findInGroup(group: number, term: TermHash): Promise<Finder | null> {
    const row = await this.#groupRow(term.groupPartition, group);
    const found = row === undefined ? null : findGroupPostings(row, term);
    return found === null ? null : ({ block, count }) => found.at(block % GROUP_BLOCKS, count);
  }

  async #groupRow(partition: number, group: number): Promise<Buffer | undefined> {
    const known = this.#groupRows.get(partition) ?? { rows: new Map(), lowest: group + 1, width: 1 };
    this.#groupRows.set(partition, known);
    if (group < known.lowest) {
      const lowest = Math.max(0, group - known.width + 1);
      const start = auditGroupTermsKey(partition, lowest);
      const end = auditGroupTermsKey(partition, known.lowest);
      const entries = await this.#snapshot.range({ start, end, limit: known.lowest - lowest });
      for (const { key, value } of entries) known.rows.set(readAuditTermsKey(key), bufferOf(value));
      this.#rowsRead += entries.length;
      known.lowest = lowest;
      known.width = Math.min(known.width * 4, MOST_AT_ONCE);
    }
    return known.rows.get(group);
  }

  async #findSingle({ blocks }: Span, term: TermHash): Promise<Finder | null> {
    const [first, last] = [blocks[0], blocks.at(-1)];
    if (first === undefined || last === undefined) return null;
    const start = auditTermsKey(term.partition, first.block);
    const end = auditTermsKey(term.partition, last.block + 1);
    const entries = await this.#snapshot.range({ start, end, limit: last.block - first.block + 1 });
    this.#rowsRead += entries.length;
    const rows = new Map(entries.map(({ key, value }) => [readAuditTermsKey(key), bufferOf(value)]));
    return ({ block }) => {
      const row = rows.get(block);
      return row === undefined ? null : findPostings(row, term);
    };
  }
}

/** null: no record of the block has a term of each clause. */
function postingsIn(clauses: readonly (readonly Finder[])[], block: ListedBlock): Postings[] | null {
  const all: Postings[] = [];
  for (const finders of clauses) {
    const any = finders.length === 1 ? (finders[0]?.(block) ?? null) : findAny(finders, block);
    if (any === null) return null;
    all.push(any);
  }
  return all;
}

function findAny(finders: readonly Finder[], block: ListedBlock): Postings | null {
  const found = finders.map((find) => find(block)).filter((postings) => postings !== null);
  return anyOf(found, block.count);
}

const NOTHING = new Uint16Array();

const bufferOf = (value: Uint8Array): Buffer => Buffer.from(value.buffer, value.byteOffset, value.byteLength);
