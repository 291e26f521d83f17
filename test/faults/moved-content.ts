// What a move must carry over: every way bytes and facts of objects are stored, and all that S3 clients can ask about it.
import { createHash } from 'node:crypto';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { pattern } from '../contract/blobs/blobs.ts';

export const BUCKETS = ['versions', 'locked', 'plain'] as const;

const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: 'arn:aws:s3:::versions' }],
});

/** `count` objects in all, most of them small. */
export async function fillBuckets(client: S3Client, count: number, atOnce = 16): Promise<{ uploadId: string }> {
  for (const Bucket of BUCKETS) {
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: Bucket === 'locked' }));
  }
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket: 'versions', VersioningConfiguration }));
  await client.send(new PutBucketPolicyCommand({ Bucket: 'versions', Policy: policy }));
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await putOne(client, index);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const parts = {
    client,
    params: { Bucket: 'plain', Key: 'parts', Body: pattern(11 * 2 ** 20) },
    partSize: 5 * 2 ** 20,
  };
  await new Upload(parts).done();
  const target = { Bucket: 'plain', Key: 'unfinished' };
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand(target));
  await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: pattern(200_000) }));
  return { uploadId: UploadId };
}

async function putOne(client: S3Client, index: number): Promise<void> {
  const Key = `${index % 7}/${String(index).padStart(7, '0')}`;
  const Bucket = BUCKETS[index % BUCKETS.length];
  const Body = index % 20 === 3 ? pattern(30_000 + index) : `object ${index}`;
  const Tagging = index % 3 === 0 ? `number=${index}&team=blue` : undefined;
  await client.send(new PutObjectCommand({ Bucket, Key, Body, Tagging, Metadata: { number: String(index) } }));
  if (Bucket === 'versions' && index % 2 === 0) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: `version 2 of ${index}` }));
    if (index % 4 === 0) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  }
  if (Bucket === 'locked' && index % 5 === 0) {
    await client.send(new PutObjectLegalHoldCommand({ Bucket, Key, LegalHold: { Status: 'ON' } }));
  }
  if (Bucket === 'plain' && index % 9 === 0) await client.send(new DeleteObjectTaggingCommand({ Bucket, Key }));
}

/** One line per version, upload and setting, with the hash of its bytes. `every`: facts of every n-th object only. */
export async function describeBuckets(client: S3Client, uploadId: string, every = 1): Promise<string[]> {
  const lines: string[] = [];
  for (const Bucket of BUCKETS) {
    let count = 0;
    for await (const version of versionsOf(client, Bucket)) {
      const { Key, VersionId, isMarker, ...listed } = version;
      const facts = isMarker || count++ % every > 0 ? '' : await factsOf(client, { Bucket, Key, VersionId });
      lines.push(`${Bucket} ${JSON.stringify({ Key, VersionId, isMarker, ...listed })} ${facts}`);
    }
  }
  lines.push((await client.send(new GetBucketPolicyCommand({ Bucket: 'versions' }))).Policy ?? 'no policy');
  const upload = { Bucket: 'plain', Key: 'unfinished', UploadId: uploadId };
  const { Parts = [] } = await client.send(new ListPartsCommand(upload));
  lines.push(JSON.stringify(Parts.map(({ PartNumber, ETag, Size }) => ({ PartNumber, ETag, Size }))));
  return lines;
}

type Listed = { Key: string; VersionId: string | undefined; isMarker: boolean; [name: string]: unknown };

async function* versionsOf(client: S3Client, Bucket: string): AsyncGenerator<Listed> {
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, ...markers }));
    for (const { Key = '', VersionId, ETag, Size, LastModified, IsLatest } of page.Versions ?? []) {
      yield { Key, VersionId, isMarker: false, ETag, Size, LastModified, IsLatest };
    }
    for (const { Key = '', VersionId, LastModified } of page.DeleteMarkers ?? []) {
      yield { Key, VersionId, isMarker: true, LastModified };
    }
    if (page.IsTruncated !== true) return;
    markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

async function factsOf(
  client: S3Client,
  version: { Bucket: string; Key: string; VersionId: string | undefined },
): Promise<string> {
  const { Body, ETag, Metadata, ServerSideEncryption } = await client.send(new GetObjectCommand(version));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { TagSet } = await client.send(new GetObjectTaggingCommand(version));
  const lock = version.Bucket === 'locked' ? await lockOf(client, version) : null;
  return JSON.stringify({ sha256, ETag, Metadata, ServerSideEncryption, TagSet, lock });
}

async function lockOf(client: S3Client, version: { Bucket: string; Key: string; VersionId: string | undefined }) {
  const none = (): null => null;
  const hold = await client.send(new GetObjectLegalHoldCommand(version)).catch(none);
  const retention = await client.send(new GetObjectRetentionCommand(version)).catch(none);
  return { hold: hold?.LegalHold, retention: retention?.Retention };
}
