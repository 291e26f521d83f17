// The sizes every client moves: nothing, one byte, an inline body, one just over a part, a real multipart upload.
import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

const KIB = 1024;
const MIB = 1024 * KIB;

export type Payload = {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
};

const sizes: readonly (readonly [name: string, sizeBytes: number])[] = [
  ['empty.bin', 0],
  ['one-byte.bin', 1],
  ['4-kib.bin', 4 * KIB],
  ['5-mib-and-1.bin', 5 * MIB + 1],
  ['200-mib.bin', 200 * MIB],
];

/** Writes the files into `folder`; the bytes are pseudo-random and the same every time. */
export async function makePayloads(folder: string): Promise<readonly Payload[]> {
  return await Promise.all(sizes.map(async ([name, sizeBytes]) => await makePayload(folder, name, sizeBytes)));
}

async function makePayload(folder: string, name: string, sizeBytes: number): Promise<Payload> {
  const path = join(folder, name);
  const keystream = createCipheriv('aes-128-ctr', createHash('md5').update(name).digest(), Buffer.alloc(16));
  const hash = createHash('sha256');
  await using file = await open(path, 'w');
  for (let written = 0; written < sizeBytes; ) {
    const chunk = keystream.update(Buffer.alloc(Math.min(MIB, sizeBytes - written)));
    hash.update(chunk);
    await file.write(chunk);
    written += chunk.length;
  }
  return { name, path, sizeBytes, sha256: hash.digest('hex') };
}

export async function sha256OfFile(path: string): Promise<string> {
  return await sha256OfStream(createReadStream(path));
}

export async function sha256OfStream(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}
