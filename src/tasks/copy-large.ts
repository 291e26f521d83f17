// A large object, part by part: each part is a step, so that a stop or a cancel never waits for the whole.
import { newObjectOf } from '../access/external-buckets.ts';
import type { S3Actor } from '../access/s3-actor.ts';
import type { PartCopy } from '../metadata/tables/tasks.ts';
import { completeUpload, type NamedPart } from '../storage/complete-upload.ts';
import { copySource } from '../storage/copy-object.ts';
import { listParts } from '../storage/list-uploads.ts';
import { createUpload, uploadPart } from '../storage/multipart.ts';
import { noPreconditions } from '../storage/preconditions.ts';
import type { StorageDeps } from '../storage/storage-deps.ts';
import { attributesOf, checkCopyable, copyAsks, type CopyFrom, type CopyTo } from './copy-object.ts';

const MAX_PARTS = 10_000;

export type LargeStep =
  | { readonly kind: 'more'; readonly part: PartCopy; readonly bytes: number }
  | { readonly kind: 'done'; readonly bytes: number };

type Copying = { readonly storage: StorageDeps; readonly actor: S3Actor; readonly from: CopyFrom; readonly to: CopyTo };

/** `part`: where the step before left off; null: begin. */
export async function copyLargeStep(
  copying: Copying,
  part: PartCopy | null,
  wantedPartBytes: number,
): Promise<LargeStep> {
  const { actor, from, to, storage } = copying;
  const { object } = from;
  const asks = copyAsks(from, to);
  await actor.demand(...asks);
  checkCopyable(object, storage.clock());
  const current = part === null || part.etag !== object.etag ? await begin(copying) : part;
  const partBytes = Math.max(wantedPartBytes, Math.ceil(object.sizeBytes / MAX_PARTS));
  const start = (current.nextPart - 1) * partBytes;
  const end = Math.min(object.sizeBytes, start + partBytes);
  const upload = { bucket: to.bucket, key: to.key, uploadId: current.uploadId };
  const source = copySource(storage, object, { start, end });
  await uploadPart(storage, { ...upload, partNumber: current.nextPart, source, guard: actor.guard(...asks) });
  const bytes = end - start;
  if (end < object.sizeBytes) return { kind: 'more', part: { ...current, nextPart: current.nextPart + 1 }, bytes };
  await complete(copying, current);
  return { kind: 'done', bytes };
}

async function begin(copying: Copying): Promise<PartCopy> {
  const { actor, from, to, storage } = copying;
  const { canonicalId, name } = actor.identity;
  const upload = await createUpload(storage, {
    bucket: to.bucket,
    key: to.key,
    ...attributesOf(from, to),
    ...(await newObjectOf(storage, actor, to.bucket)),
    checksumAlgorithm: 'CRC64NVME',
    checksumType: 'FULL_OBJECT',
    initiator: { id: canonicalId, displayName: name },
    guard: actor.guard(...copyAsks(from, to)),
  });
  return { uploadId: upload.uploadId, to: to.key, nextPart: 1, etag: from.object.etag };
}

async function complete({ actor, from, to, storage }: Copying, { uploadId }: PartCopy): Promise<void> {
  const upload = { bucket: to.bucket, key: to.key, uploadId };
  const parts: NamedPart[] = [];
  let marker: number | null = 0;
  while (marker !== null) {
    const listing: Awaited<ReturnType<typeof listParts>> = await listParts(storage, {
      ...upload,
      partNumberMarker: marker,
      maxParts: 1000,
    });
    parts.push(...listing.parts.map(({ partNumber, etag }) => ({ partNumber, etag, checksum: null })));
    marker = listing.next;
  }
  await completeUpload(storage, {
    ...upload,
    parts,
    checksum: null,
    checksumType: null,
    objectSizeBytes: from.object.sizeBytes,
    preconditions: noPreconditions,
    guard: actor.guard(...copyAsks(from, to)),
  });
}
