// Reads a piece of a file and answers its CRC-32, away from the thread that draws the page.
import { crcToBase64, updateCrc32 } from './crc32.ts';

export type CrcAnswer = { id: number; crc: string } | { id: number; error: string };

const STEP_BYTES = 4 * 1024 * 1024;

async function crcOf(blob: Blob): Promise<string> {
  let crc = 0;
  for (let start = 0; start < blob.size; start += STEP_BYTES) {
    crc = updateCrc32(crc, new Uint8Array(await blob.slice(start, start + STEP_BYTES).arrayBuffer()));
  }
  return crcToBase64(crc);
}

addEventListener('message', ({ data }: MessageEvent<{ id: number; blob: Blob }>) => {
  crcOf(data.blob).then(
    (crc) => postMessage({ id: data.id, crc } satisfies CrcAnswer),
    (error: unknown) => postMessage({ id: data.id, error: String(error) } satisfies CrcAnswer),
  );
});
