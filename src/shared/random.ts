// Random bytes in small pieces: asking the system for each costs more than everything else about making an id.
import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(8192);
let used = pool.length;

/** Of the same generator as `randomBytes`, and never given out twice. */
export function randomPiece(sizeBytes: number): Buffer {
  return take(sizeBytes, (start, end) => Buffer.from(pool.subarray(start, end)));
}

/** The same as hexadecimal digits, two a byte. */
export function randomHex(sizeBytes: number): string {
  return take(sizeBytes, (start, end) => pool.toString('hex', start, end));
}

function take<T>(sizeBytes: number, read: (start: number, end: number) => T): T {
  if (sizeBytes > pool.length) throw new RangeError(`a piece has at most ${pool.length} bytes`);
  if (used + sizeBytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const end = used + sizeBytes;
  const piece = read(used, end);
  // what was given out is no more to be found here
  pool.fill(0, used, end);
  used = end;
  return piece;
}
