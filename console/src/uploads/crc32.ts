// CRC-32 (IEEE 802.3), sixteen bytes at a time: what the server holds every part to.

const tables = makeTables();

function makeTables(): Uint32Array[] {
  const first = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    first[byte] = value >>> 0;
  }
  const all = [first];
  for (let table = 1; table < 16; table++) {
    const before = all[table - 1] ?? first;
    all.push(before.map((value) => ((first[value & 0xff] ?? 0) ^ (value >>> 8)) >>> 0));
  }
  return all;
}

const at = (table: number): Uint32Array => tables[table] ?? new Uint32Array(256);
const [t0, t1, t2, t3, t4, t5, t6, t7] = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
const [t8, t9, ta, tb, tc, td, te, tf] = [at(8), at(9), at(10), at(11), at(12), at(13), at(14), at(15)];

/** `state` is what the call before returned, 0 for the first. */
export function updateCrc32(state: number, bytes: Uint8Array): number {
  let crc = ~state;
  let offset = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const end = bytes.length - 15; offset < end; offset += 16) {
    const a = view.getUint32(offset, true) ^ crc;
    const b = view.getUint32(offset + 4, true);
    const c = view.getUint32(offset + 8, true);
    const d = view.getUint32(offset + 12, true);
    crc =
      pick(tf, a) ^
      pick(te, a >>> 8) ^
      pick(td, a >>> 16) ^
      pick(tc, a >>> 24) ^
      pick(tb, b) ^
      pick(ta, b >>> 8) ^
      pick(t9, b >>> 16) ^
      pick(t8, b >>> 24) ^
      pick(t7, c) ^
      pick(t6, c >>> 8) ^
      pick(t5, c >>> 16) ^
      pick(t4, c >>> 24) ^
      pick(t3, d) ^
      pick(t2, d >>> 8) ^
      pick(t1, d >>> 16) ^
      pick(t0, d >>> 24);
  }
  for (; offset < bytes.length; offset++) crc = pick(t0, crc ^ (bytes[offset] ?? 0)) ^ (crc >>> 8);
  return ~crc >>> 0;
}

const pick = (table: Uint32Array, value: number): number => table[value & 0xff] ?? 0;

/** As the checksum headers have it. */
export function crcToBase64(crc: number): string {
  const bytes = [crc >>> 24, crc >>> 16, crc >>> 8, crc].map((value) => value & 0xff);
  return btoa(String.fromCharCode(...bytes));
}

/** As people compare it: eight hexadecimal digits. */
export const base64ToHex = (base64: string): string =>
  Array.from(atob(base64), (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('');
