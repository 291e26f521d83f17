// A large object in parts: Create, parts side by side, Complete.
import { runTransfers } from '../load/curl.ts';
import { ask } from '../load/send.ts';
import type { LoadResult } from '../load/result.ts';
import type { BenchTarget } from '../targets/target.ts';
import type { BodyFiles } from './body-files.ts';
import { type Case, LARGE_BYTES } from './cases.ts';
import { BUCKET, freshBatch } from './objects.ts';

export async function runMultipart(
  target: BenchTarget,
  { sizeBytes, concurrency }: Case,
  { bodies }: { readonly bodies: BodyFiles },
): Promise<LoadResult> {
  const bodyFile = await bodies.file(LARGE_BYTES);
  const count = sizeBytes / LARGE_BYTES;
  const { origin } = target;
  if (target.kind === 'limit') {
    const targets = freshBatch(target, LARGE_BYTES, count)('PUT');
    return asOne(await runTransfers({ origin, targets, bodyFile, streams: concurrency }), sizeBytes);
  }
  const path = `/${BUCKET}/multipart`;
  const startedAtMs = performance.now();
  const created = await ask(target, 'POST', path, 'uploads=');
  const uploadId = /<UploadId>([^<]+)</.exec(created)?.[1] ?? '';
  const ofUpload = `uploadId=${encodeURIComponent(uploadId)}`;
  const parts = Array.from({ length: count }, (_, index) => index + 1);
  const targets = parts.map((part) => target.call('PUT', path, `partNumber=${part}&${ofUpload}`));
  const sent = await runTransfers({ origin, targets, bodyFile, streams: concurrency });
  const listed = await ask(target, 'GET', path, ofUpload);
  const etags = [...listed.matchAll(/<ETag>([^<]+)<\/ETag>/g)].map(([, etag = '']) => etag);
  const body = parts.map((part) => `<Part><PartNumber>${part}</PartNumber><ETag>${etags[part - 1]}</ETag></Part>`);
  await ask(target, 'POST', path, ofUpload, `<CompleteMultipartUpload>${body.join('')}</CompleteMultipartUpload>`);
  const seconds = (performance.now() - startedAtMs) / 1000;
  await ask(target, 'DELETE', path);
  return asOne({ ...sent, seconds }, sizeBytes);
}

function asOne(result: LoadResult, sizeBytes: number): LoadResult {
  const { seconds } = result;
  const ms = seconds * 1000;
  return { requests: 1, seconds, perSecond: 1 / seconds, bytesPerSecond: sizeBytes / seconds, medianMs: ms, p99Ms: ms };
}
