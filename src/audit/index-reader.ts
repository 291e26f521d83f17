// Reads the index within one search: for each term the rows of many blocks at once, more at a time the further it goes.
import type { Snapshot } from '../metadata/metadata-store.ts';
import { auditGroupTermsKey, auditTermsKey, GROUP_BLOCKS, readAuditTermsKey } from '../metadata/tables/audit-index.ts';
import type { ListedBlock } from './block-meta.ts';
import type { Span } from './directory.ts';
import { findGroupPostings, type GroupPostings } from './group-postings.ts';
import { allOf, anyOf } from './intersect.ts';
import { findPostings, type Postings } from './postings.ts';
import type { TermHash } from './terms.ts';

const MOST_AT_ONCE = 64;

/** Positions in a block of the records that have a term of each clause, ascending. They hold until the next call. */
export type SpanIndex = (block: ListedBlock) => Uint16Array;

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
    return (block) => positionsIn(finders, block);
  }

  async #find(span: Span, term: TermHash): Promise<Finder | null> {
    return span.group === null ? this.#findSingle(span, term) : this.#findInGroup(span, span.group, term);
  }

  async #findInGroup({ blocks }: Span, group: number, term: TermHash): Promise<Finder | null> {
    const row = await this.#groupRow(term.groupPartition, group);
    if (row === undefined) return null;
    const counts = new Map(blocks.map(({ block, count }) => [block % GROUP_BLOCKS, count]));
    const found: GroupPostings | null = findGroupPostings(row, term, (index) => counts.get(index) ?? 0);
    return found === null ? null : ({ block }) => found.get(block % GROUP_BLOCKS) ?? null;
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

function positionsIn(clauses: readonly (readonly Finder[])[], block: ListedBlock): Uint16Array {
  const all: Postings[] = [];
  for (const finders of clauses) {
    const found: Postings[] = [];
    for (const find of finders) {
      const postings = find(block);
      if (postings !== null) found.push(postings);
    }
    const any = anyOf(found, block.count);
    if (any === null) return NOTHING;
    all.push(any);
  }
  return allOf(all, block.count);
}

const NOTHING = new Uint16Array();

const bufferOf = (value: Uint8Array): Buffer => Buffer.from(value.buffer, value.byteOffset, value.byteLength);
