// Random bytes in small pieces: asking the system for each costs more than everything else about making an id.
import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(8192);
let used = pool.length;

/** Of the same generator as `randomBytes`, and never given out twice. */
export function randomPiece(sizeBytes: number): Buffer {
  if (sizeBytes > pool.length) throw new RangeError(`a piece has at most ${pool.length} bytes`);
  if (used + sizeBytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const piece = Buffer.from(pool.subarray(used, used + sizeBytes));
  // what was given out is no more to be found here
  pool.fill(0, used, used + sizeBytes);
  used += sizeBytes;
  return piece;
}
