// CRC-64/NVME, the default checksum of current AWS SDKs. Slicing-by-8 over two 32-bit halves (V8 has no fast 64-bit
// integers): 1.4 GB/s, against 0.8 GB/s for MD5, which every body needs anyway. Reads words little-endian, as every
// platform Node runs on does.

export const CRC64NVME_POLYNOMIAL = 0x9a6c_9329_ac4b_c9b5n;
const SLICES = 8;

function buildTables(): { readonly low: Int32Array; readonly high: Int32Array } {
  const table = new BigUint64Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ CRC64NVME_POLYNOMIAL : crc >> 1n;
    table[byte] = crc;
  }
  for (let index = 256; index < table.length; index++) {
    const previous = table[index - 256] ?? 0n;
    table[index] = (previous >> 8n) ^ (table[Number(previous & 0xffn)] ?? 0n);
  }
  const halves = new Int32Array(table.buffer);
  return { low: halves.filter((_, index) => index % 2 === 0), high: halves.filter((_, index) => index % 2 === 1) };
}

const { low: LOW, high: HIGH } = buildTables();

/** Running state: the inverted CRC in two 32-bit halves. */
export type Crc64State = { low: number; high: number };

export const newCrc64 = (): Crc64State => ({ low: -1, high: -1 });

export const crc64Value = (state: Crc64State): bigint => (BigInt(~state.high >>> 0) << 32n) | BigInt(~state.low >>> 0);

/** Adds `chunk` to `state` in place. */
export function updateCrc64(state: Crc64State, chunk: Uint8Array): void {
  const head = Math.min(-chunk.byteOffset & 3, chunk.length);
  updateBytes(state, chunk, 0, head);
  const wordPairs = (chunk.length - head) >>> 3;
  if (wordPairs > 0) updateWords(state, new Int32Array(chunk.buffer, chunk.byteOffset + head, wordPairs * 2));
  updateBytes(state, chunk, head + wordPairs * 8, chunk.length);
}

function updateBytes(state: Crc64State, chunk: Uint8Array, start: number, end: number): void {
  let { low, high } = state;
  for (let index = start; index < end; index++) {
    const entry = (low ^ (chunk[index] ?? 0)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (LOW[entry] ?? 0);
    high = (high >>> 8) ^ (HIGH[entry] ?? 0);
  }
  state.low = low;
  state.high = high;
}

function updateWords(state: Crc64State, words: Int32Array): void {
  let { low, high } = state;
  for (let index = 0; index < words.length; index += 2) {
    low ^= at(words, index);
    high ^= at(words, index + 1);
    const a = 1792 + (low & 255);
    const b = 1536 + ((low >>> 8) & 255);
    const c = 1280 + ((low >>> 16) & 255);
    const d = 1024 + (low >>> 24);
    const e = 768 + (high & 255);
    const f = 512 + ((high >>> 8) & 255);
    const g = 256 + ((high >>> 16) & 255);
    const h = high >>> 24;
    low = at(LOW, a) ^ at(LOW, b) ^ at(LOW, c) ^ at(LOW, d) ^ at(LOW, e) ^ at(LOW, f) ^ at(LOW, g) ^ at(LOW, h);
    high =
      at(HIGH, a) ^ at(HIGH, b) ^ at(HIGH, c) ^ at(HIGH, d) ^ at(HIGH, e) ^ at(HIGH, f) ^ at(HIGH, g) ^ at(HIGH, h);
  }
  state.low = low;
  state.high = high;
}

/** The index is in the table by construction: a check here would cost a fifth of the speed. */
function at(table: Int32Array, index: number): number {
  return table[index] as number;
}
