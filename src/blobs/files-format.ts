// A blob's file, version 1. Little-endian.
//
//   head, 64 bytes       0  "vStoBlob"
//                        8  u16 version (1) · u16 head length (64) · u32 block length (65,536)
//                       16  u64 size of the blob in bytes
//                       24  the blob's id, 16 bytes
//                       40  zeros
//                       60  u32 CRC-32 of the 60 bytes before
//   blocks               up to 65,536 bytes of the blob, then u32 CRC-32 of them
//
// The CRC of a block starts from the blob's id plus the block's number, so that a block found in another place or
// another file does not pass. The size in the head, written last, tells a truncated file from a short blob.
import { crc32 } from '@node-rs/crc32';
import type { BlobId } from '../shared/ids.ts';
import { BlobCorruptError } from './blob-store.ts';

export const HEAD_BYTES = 64;
export const BLOCK_BYTES = 65_536;
export const CHECKSUM_BYTES = 4;
/** a block with its checksum, as it stands in the file */
export const STORED_BLOCK_BYTES = BLOCK_BYTES + CHECKSUM_BYTES;

const MAGIC = 'vStoBlob';
const VERSION = 1;
const SIZE_AT = 16;
const CHECKED_HEAD_BYTES = 60;

export function blockSeed(id: BlobId): number {
  return crc32(id);
}

export function blockChecksum(data: Uint8Array, seed: number, blockNumber: number): number {
  return crc32(data, (seed + blockNumber) >>> 0);
}

export function blockOffset(blockNumber: number): number {
  return HEAD_BYTES + blockNumber * STORED_BLOCK_BYTES;
}

/** Bytes that a blob takes with this head, which may be damaged. */
export function storedSize(head: Buffer): number {
  const sizeBytes = Number(head.readBigUInt64LE(SIZE_AT));
  return blockOffset(0) + sizeBytes + Math.ceil(sizeBytes / BLOCK_BYTES) * CHECKSUM_BYTES;
}

export function encodeHead(id: BlobId, sizeBytes: number, version = VERSION): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(MAGIC, 0, 'latin1');
  head.writeUInt16LE(version, 8);
  head.writeUInt16LE(HEAD_BYTES, 10);
  head.writeUInt32LE(BLOCK_BYTES, 12);
  head.writeBigUInt64LE(BigInt(sizeBytes), SIZE_AT);
  head.write(id, 24, 'hex');
  head.writeUInt32LE(crc32(head.subarray(0, CHECKED_HEAD_BYTES)), CHECKED_HEAD_BYTES);
  return head;
}

/** The size in bytes. */
export function decodeHead(head: Buffer, id: BlobId): number {
  if (head.length < HEAD_BYTES) throw new BlobCorruptError(`blob ${id}: the file is shorter than its head`);
  const isHead = head.toString('latin1', 0, MAGIC.length) === MAGIC;
  const checksum = head.readUInt32LE(CHECKED_HEAD_BYTES);
  if (!isHead || crc32(head.subarray(0, CHECKED_HEAD_BYTES)) !== checksum) {
    throw new BlobCorruptError(`blob ${id}: the head of the file is damaged`);
  }
  if (head.readUInt16LE(8) !== VERSION || head.readUInt32LE(12) !== BLOCK_BYTES) {
    throw new BlobCorruptError(
      `blob ${id}: the file has version ${head.readUInt16LE(8)}, this program reads ${VERSION}`,
    );
  }
  if (head.toString('hex', 24, 40) !== id) throw new BlobCorruptError(`blob ${id}: the file holds another blob`);
  return Number(head.readBigUInt64LE(SIZE_AT));
}
