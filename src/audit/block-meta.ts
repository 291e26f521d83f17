// What is known of a block without reading it: how many records it has, and when its chunks begin. As bytes: u16 count,
// u48 first and u48 last time in ms since 1970, then a u48 for the first time of each chunk. Those of a group stand one
// after another, each behind its length as u16.
import { GROUP_BLOCKS } from '../metadata/tables/audit-index.ts';

export const CHUNK_LINES = 64;

export type BlockMeta = {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** of the first record of each chunk: ascending */
  readonly chunksAt: readonly number[];
};

export type ListedBlock = BlockMeta & { readonly block: number };

const HEAD_BYTES = 14;

export function encodeMeta({ count, firstAt, lastAt, chunksAt }: BlockMeta): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES + chunksAt.length * 6);
  bytes.writeUInt16LE(count, 0);
  bytes.writeUIntLE(firstAt, 2, 6);
  bytes.writeUIntLE(lastAt, 8, 6);
  for (const [index, at] of chunksAt.entries()) bytes.writeUIntLE(at, HEAD_BYTES + index * 6, 6);
  return bytes;
}

export function decodeMeta(value: Uint8Array): BlockMeta {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const chunks = (bytes.length - HEAD_BYTES) / 6;
  return {
    count: bytes.readUInt16LE(0),
    firstAt: bytes.readUIntLE(2, 6),
    lastAt: bytes.readUIntLE(8, 6),
    chunksAt: Array.from({ length: chunks }, (_, index) => bytes.readUIntLE(HEAD_BYTES + index * 6, 6)),
  };
}

/** All blocks of a group, in order. */
export function encodeGroupMeta(metas: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    metas.flatMap((meta) => {
      const length = Buffer.alloc(2);
      length.writeUInt16LE(meta.length, 0);
      return [length, meta];
    }),
  );
}

export function decodeGroupMeta(group: number, value: Uint8Array): ListedBlock[] {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const blocks: ListedBlock[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    const meta = decodeMeta(bytes.subarray(at + 2, at + 2 + length));
    blocks.push({ block: group * GROUP_BLOCKS + blocks.length, ...meta });
    at += 2 + length;
  }
  return blocks;
}
