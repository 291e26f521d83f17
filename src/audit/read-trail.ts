// The whole trail: block by block, then what is fresh, each part from a snapshot of its own. A process may go on writing
// and taking records into blocks meanwhile: the fresh ones are read last, from the snapshot that shows no further block.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { auditChunkRange, auditChunksFrom, readAuditChunkKey } from '../metadata/tables/audit.ts';
import { CHUNK_LINES } from './block-meta.ts';
import { unpackLines } from './build-block.ts';
import { freshLines } from './fresh.ts';
import { MAX_BLOCK } from './postings.ts';

/** `block` null: fresh records, chain by chain as they stand. */
export type TrailPart = { readonly block: number | null; readonly lines: readonly string[] };

const MAX_CHUNKS = (MAX_BLOCK / CHUNK_LINES) * 2;

export async function* readTrail({ store }: { readonly store: MetadataStore }): AsyncGenerator<TrailPart> {
  for (let next = 0; ; ) {
    const part = await store.read(async (snapshot): Promise<TrailPart> => {
      const [first] = await snapshot.range({ ...auditChunksFrom(next), limit: 1 });
      if (first === undefined) return { block: null, lines: await Array.fromAsync(freshLines(snapshot)) };
      const block = readAuditChunkKey(first.key);
      const rows = await snapshot.range({ ...auditChunkRange(block), limit: MAX_CHUNKS });
      return { block, lines: rows.flatMap(({ value }) => unpackSafely(value)) };
    });
    yield part;
    if (part.block === null) return;
    next = part.block + 1;
  }
}

/** A chunk that cannot be unpacked is one line that cannot be read. */
function unpackSafely(value: Uint8Array): readonly string[] {
  try {
    return unpackLines(value);
  } catch {
    return [''];
  }
}
