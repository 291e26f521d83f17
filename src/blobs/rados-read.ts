// The blocks of a blob in RADOS, up to 1 MiB at a time, some of it on its way ahead of the consumer.
import type { BlobId } from '../shared/ids.ts';
import { BlobCorruptError, BlobMissingError } from './blob-store.ts';
import type { StoredBlocks } from './block-reader.ts';
import { blockOffset } from './files-format.ts';
import type { RadosPool } from './rados-cluster.ts';
import { EIO, ENOENT, radosError } from './rados-errors.ts';
import type { NameOf } from './rados-layout.ts';
import { FIRST_BLOCKS, locate } from './rados-layout.ts';

const BLOCKS_PER_GROUP = FIRST_BLOCKS;

export function blocksIn(pool: RadosPool, id: BlobId, nameOf: NameOf): StoredBlocks {
  return {
    groupsAhead: 4,
    groupEnd: (firstBlock) => Math.min(firstBlock + BLOCKS_PER_GROUP, locate(firstBlock).endBlock),
    readStart: async (endBlock) => {
      const start = await read(pool, id, nameOf(0), blockOffset(endBlock), 0);
      if (start === null) throw new BlobMissingError(`blob ${id} is missing`);
      return start;
    },
    readBlocks: async (firstBlock, storedBytes) => {
      const { index, offset } = locate(firstBlock);
      const stored = await read(pool, id, nameOf(index), storedBytes, offset);
      if (stored === null) throw new BlobCorruptError(`blob ${id}: its object ${index} is missing`);
      return stored;
    },
    close: async () => undefined,
  };
}

/** null: there is no such object. */
async function read(
  pool: RadosPool,
  id: BlobId,
  name: string,
  sizeBytes: number,
  offset: number,
): Promise<Buffer | null> {
  const buffer = Buffer.allocUnsafeSlow(sizeBytes);
  const code = await pool.read(name, buffer, offset);
  if (code >= 0) return buffer.subarray(0, code);
  if (code === ENOENT) return null;
  if (code === EIO) throw new BlobCorruptError(`blob ${id}: Ceph cannot read ${name}: all copies of it are damaged`);
  throw radosError(code, 'reading a blob');
}
