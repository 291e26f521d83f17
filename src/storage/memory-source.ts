// A source of bytes that are all here: what the server itself writes.
import { createHash } from 'node:crypto';
import type { ObjectSource } from './object-source.ts';

export function memorySource(bytes: Buffer): ObjectSource {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    if (bytes.length > 0) yield bytes;
  }
  return {
    sizeBytes: bytes.length,
    chunks: { [Symbol.asyncIterator]: chunks },
    require: () => {},
    digests: () => ({ md5Hex: createHash('md5').update(bytes).digest('hex'), checksum: null }),
  };
}
