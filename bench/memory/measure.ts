// Memory of the workers: idle, and while many large bodies come in at once.
import { setTimeout as sleep } from 'node:timers/promises';
import { runTransfers } from '../load/curl.ts';
import { forgetPeaks, processTree, processUse } from '../load/process-use.ts';
import { ask } from '../load/send.ts';
import { makeBodyFiles } from '../table/body-files.ts';
import { MIB } from '../table/cases.ts';
import { startVStorage } from '../targets/vstorage.ts';

export const UPLOADS = 64;
export const UPLOAD_BYTES = 256 * MIB;
const SETTLE_MS = 10_000;
const BUCKET = 'bench-memory';

export type MemoryFigures = {
  /** resident, of each worker after its start; pages it shares with others (the program, libraries) counted in each */
  readonly idleMiB: readonly number[];
  /** of that its own: what would not be there without it */
  readonly idleOwnMiB: readonly number[];
  /** the most that was resident at once, of each worker */
  readonly uploadPeakMiB: readonly number[];
  readonly uploads: number;
  readonly uploadBytes: number;
  readonly uploadBytesPerSecond: number;
  /** resident, a while after the last upload */
  readonly afterMiB: readonly number[];
};

export async function measureMemory(options: {
  readonly workers: number;
  readonly quick: boolean;
  readonly say: (line: string) => void;
}): Promise<MemoryFigures> {
  const [uploads, uploadBytes] = options.quick ? [UPLOADS, 32 * MIB] : [UPLOADS, UPLOAD_BYTES];
  await using bodies = await makeBodyFiles();
  const bodyFile = await bodies.file(uploadBytes);
  await using target = await startVStorage({ workers: options.workers, quota: '1TiB' });
  await sleep(SETTLE_MS);
  const workers = processTree(target.server.pid).slice(1);
  const idle = workers.map(processUse);
  options.say(`idle: ${idle.map(({ residentMiB }) => `${residentMiB} MiB`).join(', ')}`);
  await ask(target, 'PUT', `/${BUCKET}`);
  const targets = Array.from({ length: uploads }, (_, index) => target.call('PUT', `/${BUCKET}/upload-${index}`));
  forgetPeaks(workers);
  const { bytesPerSecond } = await runTransfers({ origin: target.origin, targets, bodyFile, streams: uploads });
  const peaks = workers.map(processUse);
  options.say(`${uploads} uploads: ${peaks.map(({ peakMiB }) => `${peakMiB} MiB`).join(', ')}`);
  await sleep(SETTLE_MS);
  return {
    idleMiB: idle.map(({ residentMiB }) => residentMiB),
    idleOwnMiB: idle.map(({ ownMiB }) => ownMiB),
    uploadPeakMiB: peaks.map(({ peakMiB }) => peakMiB),
    uploads,
    uploadBytes,
    uploadBytesPerSecond: bytesPerSecond,
    afterMiB: workers.map(processUse).map(({ residentMiB }) => residentMiB),
  };
}
