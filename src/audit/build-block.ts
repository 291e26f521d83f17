// From lines to the rows of a block: what follows from the lines alone, so that `verify` can make the index again and
// compare it.
import { setImmediate } from 'node:timers/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { auditChunkKey } from '../metadata/tables/audit.ts';
import { auditFacetsKey, auditMetaKey, auditTermsKey } from '../metadata/tables/audit-index.ts';
import type { Bytes } from '../metadata/metadata-store.ts';
import { type BlockMeta, CHUNK_LINES, encodeMeta } from './block-meta.ts';
import type { AuditRecord } from './entry.ts';
import { addToTally, type FacetTally, shownTally } from './facet-counts.ts';
import { parseLine } from './lines.ts';
import { encodePostings } from './postings.ts';
import { hashTerm, PARTITIONS, termsOf } from './terms.ts';

/** Records between two turns of the event loop; a chunk of lines has as many. */
const SLICE = CHUNK_LINES;

export type Row = { readonly key: Bytes; readonly value: Bytes };

/** `lines` in order of time, at most MAX_BLOCK. Requests are answered meanwhile. */
export async function buildBlock(block: number, lines: readonly string[]): Promise<Row[]> {
  return [...(await chunkRows(block, lines)), ...(await blockIndexRows(block, lines))];
}

/** All that the index says of these records. */
export async function blockIndexRows(block: number, lines: readonly string[]): Promise<Row[]> {
  const records: AuditRecord[] = [];
  for await (const slice of slicesOf(lines)) records.push(...slice.map(parseLine));
  const tally: FacetTally = new Map();
  const partitions = Array.from({ length: PARTITIONS }, () => new Map<number, number[]>());
  let position = 0;
  for await (const slice of slicesOf(records)) {
    for (const record of slice) {
      addTerms(partitions, record, position++);
      addToTally(tally, record);
    }
  }
  const facets = zstdCompressSync(JSON.stringify(shownTally(tally)));
  return [
    ...termRows(block, partitions, records.length),
    { key: auditFacetsKey(block), value: facets },
    { key: auditMetaKey(block), value: encodeMeta(metaOf(records)) },
  ];
}

/** A few milliseconds of work each, with room for others between them. */
async function* slicesOf<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let first = 0; first < items.length; first += SLICE) {
    yield items.slice(first, first + SLICE);
    await setImmediate();
  }
}

export function packLines(lines: readonly string[]): Buffer {
  return zstdCompressSync(Buffer.from(lines.join('\n'), 'utf8'));
}

export function unpackLines(value: Bytes): string[] {
  return zstdDecompressSync(value).toString('utf8').split('\n');
}

async function chunkRows(block: number, lines: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const slice of slicesOf(lines)) {
    rows.push({ key: auditChunkKey(block, rows.length), value: packLines(slice) });
  }
  return rows;
}

function metaOf(records: readonly AuditRecord[]): BlockMeta {
  const times = records.map(({ time }) => Date.parse(time));
  return {
    count: records.length,
    firstAt: times[0] ?? 0,
    lastAt: times.at(-1) ?? 0,
    chunksAt: times.filter((_, index) => index % CHUNK_LINES === 0),
  };
}

type Partitions = readonly Map<number, number[]>[];

function addTerms(partitions: Partitions, record: AuditRecord, position: number): void {
  for (const text of termsOf(record)) {
    const { partition, hash } = hashTerm(text);
    const positions = partitions[partition]?.get(hash);
    if (positions === undefined) partitions[partition]?.set(hash, [position]);
    // two terms of one record may have the same hash
    else if (positions.at(-1) !== position) positions.push(position);
  }
}

function termRows(block: number, partitions: Partitions, count: number): Row[] {
  return partitions.flatMap((byHash, partition) =>
    byHash.size === 0 ? [] : [{ key: auditTermsKey(partition, block), value: encodePostings(byHash, count) }],
  );
}
