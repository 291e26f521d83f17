// The rows and counters of a dump as a compressed file (zstd). Each entry, big-endian:
//
//   u8 kind (1 row, 2 counter, 0 end) · u32 length of the key · u32 length of the value · key · value
//
// A counter's value is its decimal text; the end's is the number of entries before it, so that a cut file is noticed.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { DumpEntry } from '../metadata/dump.ts';

const END = 0;
const ROW = 1;
const COUNTER = 2;
const HEAD_BYTES = 9;
/** more than any key or value there is: a damaged length must not ask for all memory */
const MAX_VALUE_BYTES = 2 ** 28;

export type DumpFile = { readonly entries: number; readonly bytes: number; readonly sha256: string };

export class DumpDamagedError extends Error {
  override readonly name = 'DumpDamagedError';
}

/** Resolves when the file is on disk. */
export async function writeDump(file: string, pages: AsyncIterable<readonly DumpEntry[]>): Promise<DumpFile> {
  let entries = 0;
  let bytes = 0;
  const hash = createHash('sha256');
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const encoded = async function* (): AsyncGenerator<Buffer> {
    for await (const page of pages) {
      entries += page.length;
      if (page.length > 0) yield Buffer.concat(page.flatMap(encodeEntry));
    }
    yield Buffer.concat(frame(END, Buffer.alloc(0), Buffer.from(String(entries))));
  };
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  await pipeline(Readable.from(encoded(), { objectMode: false }), createZstdCompress(), measure, target);
  await using written = await open(file, 'r');
  await written.sync();
  return { entries, bytes, sha256: hash.digest('hex') };
}

function encodeEntry(entry: DumpEntry): readonly Uint8Array[] {
  return entry.kind === 'row'
    ? frame(ROW, entry.key, entry.value)
    : frame(COUNTER, entry.key, Buffer.from(entry.count.toString()));
}

function frame(kind: number, key: Uint8Array, value: Uint8Array): readonly Uint8Array[] {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(key.length, 1);
  head.writeUInt32BE(value.length, 5);
  return [head, key, value];
}

/** Entries as they come; throws DumpDamagedError when the file does not end as it was written. */
export async function* readDump(file: string): AsyncGenerator<DumpEntry> {
  const source = createReadStream(file);
  const plain = createZstdDecompress();
  const flowing = pipeline(source, plain);
  // reported by the loop below, which sees the same error
  flowing.catch(() => {});
  let count = 0;
  try {
    for await (const { kind, key, value } of frames(plain)) {
      if (kind === END) {
        if (Number(value.toString('latin1')) !== count) throw new DumpDamagedError(`${file} lacks entries`);
        return;
      }
      count++;
      yield kind === ROW
        ? { kind: 'row', key, value }
        : { kind: 'counter', key, count: BigInt(value.toString('latin1')) };
    }
  } catch (cause) {
    if (cause instanceof DumpDamagedError) throw cause;
    throw new DumpDamagedError(`${file} cannot be read: ${cause instanceof Error ? cause.message : ''}`, { cause });
  } finally {
    source.destroy();
    plain.destroy();
  }
  throw new DumpDamagedError(`${file} ends too early`);
}

type Frame = { readonly kind: number; readonly key: Buffer; readonly value: Buffer };

async function* frames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    for (;;) {
      const found = frameAt(held, at);
      if (found === null) break;
      yield found.frame;
      at = found.end;
    }
    held = held.subarray(at);
  }
}

function frameAt(held: Buffer, at: number): { readonly frame: Frame; readonly end: number } | null {
  if (held.length - at < HEAD_BYTES) return null;
  const kind = held.readUInt8(at);
  const keyBytes = held.readUInt32BE(at + 1);
  const valueBytes = held.readUInt32BE(at + 5);
  if (kind > COUNTER || keyBytes > MAX_VALUE_BYTES || valueBytes > MAX_VALUE_BYTES) {
    throw new DumpDamagedError('an entry is damaged');
  }
  const keyStart = at + HEAD_BYTES;
  const end = keyStart + keyBytes + valueBytes;
  if (held.length < end) return null;
  const valueStart = keyStart + keyBytes;
  // copied: the frames of a chunk must not keep it alive
  const whole = {
    kind,
    key: Buffer.from(held.subarray(keyStart, valueStart)),
    value: Buffer.from(held.subarray(valueStart, end)),
  };
  return { frame: whole, end };
}
