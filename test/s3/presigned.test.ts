// URLs as the SDK presigns them: its headers stand in the query.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { after, test } from 'node:test';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;
const Bucket = await s3.bucket();
const options = { expiresIn: 600 };

/** What a program without any S3 library does with a URL. */
async function use(url: string, method: string, body = ''): Promise<{ status: number | undefined; text: string }> {
  const length = { 'content-length': Buffer.byteLength(body) };
  const sent = request(url, { method, ca: s3.ca, agent: false, headers: method === 'PUT' ? length : {} });
  sent.end(body);
  const [response]: IncomingMessage[] = await once(sent, 'response');
  assert.ok(response);
  return { status: response.statusCode, text: Buffer.concat(await response.toArray()).toString() };
}

test('an object is put, read and deleted through presigned URLs', async () => {
  const target = { Bucket, Key: 'presigned/a b+c' };
  const put = await getSignedUrl(client, new PutObjectCommand(target), options);
  assert.deepEqual(await use(put, 'PUT', 'through a URL'), { status: 200, text: '' });
  const get = await getSignedUrl(client, new GetObjectCommand(target), options);
  assert.deepEqual(await use(get, 'GET'), { status: 200, text: 'through a URL' });
  assert.equal((await use(get, 'PUT', 'other')).status, 403);
  const remove = await getSignedUrl(client, new DeleteObjectCommand(target), options);
  assert.equal((await use(remove, 'DELETE')).status, 204);
  assert.equal((await use(get, 'GET')).status, 404);
});

test('metadata and storage class in the query are kept with the object', async () => {
  const input = { Bucket, Key: 'hoisted', Metadata: { colour: 'red' }, StorageClass: 'STANDARD_IA' } as const;
  const url = await getSignedUrl(client, new PutObjectCommand(input), options);
  assert.equal((await use(url, 'PUT', 'x')).status, 200);
  const { headers } = await raw({ method: 'HEAD', path: `/${Bucket}/hoisted` });
  assert.deepEqual([headers['x-amz-meta-colour'], headers['x-amz-storage-class']], ['red', 'STANDARD_IA']);
});

test('a presigned copy copies, and does not put an empty object', async () => {
  await raw({ method: 'PUT', path: `/${Bucket}/copied-from`, body: 'original' });
  const input = { Bucket, Key: 'copied-to', CopySource: `${Bucket}/copied-from` };
  const url = await getSignedUrl(client, new CopyObjectCommand(input), options);
  assert.match((await use(url, 'PUT')).text, /<CopyObjectResult/);
  assert.equal((await raw({ path: `/${Bucket}/copied-to` })).text, 'original');
});

test('a part of an upload is put through a presigned URL', async () => {
  const path = `/${Bucket}/parts`;
  const uploadId = (await raw({ method: 'POST', path, query: 'uploads' })).field('UploadId') ?? '';
  const input = { Bucket, Key: 'parts', UploadId: uploadId, PartNumber: 1 };
  const url = await getSignedUrl(client, new UploadPartCommand(input), options);
  assert.equal((await use(url, 'PUT', 'part')).status, 200);
  assert.equal((await raw({ path, query: { uploadId } })).field('Size'), '4');
});

test('a tagging header in the query tags the object', async () => {
  const input = { Bucket, Key: 'tagged', Tagging: 'a=b' };
  const url = await getSignedUrl(client, new PutObjectCommand(input), options);
  assert.equal((await use(url, 'PUT', 'x')).status, 200);
  const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }));
  assert.deepEqual(TagSet, [{ Key: 'a', Value: 'b' }]);
});

test('a header in the query that asks for what is not implemented is refused', async () => {
  const input = { Bucket, Key: 'refused', WriteOffsetBytes: 5 };
  const url = await getSignedUrl(client, new PutObjectCommand(input), options);
  assert.equal((await use(url, 'PUT', 'x')).status, 501);
});
