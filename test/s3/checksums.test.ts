// Checksums of objects, parts and multipart objects. checklist 22, 37
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import {
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { checksumNames, type ChecksumName, combineChecksums, digestOf } from '../../src/shared/checksums.ts';
import { bytesOf, openTarget, refusalOf } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;
const Bucket = await s3.bucket();

const MIB = 1024 * 1024;
const field = (algorithm: string) => `Checksum${algorithm}` as const;
const header = (algorithm: string) => `x-amz-checksum-${algorithm.toLowerCase()}`;
const checksumOf = (algorithm: ChecksumName, bytes: Uint8Array) => digestOf(algorithm, bytes).toString('base64');
const value = (answer: object, algorithm: string): unknown => Reflect.get(answer, field(algorithm));

for (const algorithm of checksumNames) {
  test(`${algorithm} of an object is verified, kept, and shown to who asks for it`, async () => {
    const Key = `one-${algorithm}`;
    const body = randomBytes(1000);
    const expected = checksumOf(algorithm, body);
    const path = `/${Bucket}/${Key}`;
    const written = await raw({ method: 'PUT', path, body, headers: { [header(algorithm)]: expected } });
    assert.equal(written.headers[header(algorithm)], expected);
    const wrong = checksumOf(algorithm, randomBytes(10));
    const refused = await raw({ method: 'PUT', path, body, headers: { [header(algorithm)]: wrong } });
    assert.deepEqual([refused.status, refused.code], [400, 'BadDigest']);
    const malformed = await raw({ method: 'PUT', path, body, headers: { [header(algorithm)]: 'bad' } });
    assert.deepEqual([malformed.status, malformed.code], [400, 'InvalidRequest']);
    const asked = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    assert.deepEqual([value(asked, algorithm), asked.ChecksumType], [expected, 'FULL_OBJECT']);
    const silent = await client.send(new HeadObjectCommand({ Bucket, Key }));
    assert.deepEqual([value(silent, algorithm), silent.ChecksumType], [undefined, undefined]);
    const ranged = await raw({ path, headers: { 'x-amz-checksum-mode': 'ENABLED', range: 'bytes=0-9' } });
    assert.equal(ranged.headers[header(algorithm)], undefined);
    const { Checksum } = await client.send(
      new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['Checksum'] }),
    );
    assert.deepEqual(Checksum, { [field(algorithm)]: expected, ChecksumType: 'FULL_OBJECT' });
  });

  test(`a copy computes ${algorithm} when it is asked to`, async () => {
    const body = randomBytes(1000);
    await client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: body }));
    const copied = await client.send(
      new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/source`, ChecksumAlgorithm: algorithm }),
    );
    assert.equal(value(copied.CopyObjectResult ?? {}, algorithm), checksumOf(algorithm, body));
  });
}

const bodies = [randomBytes(5 * MIB), randomBytes(5 * MIB + 1), randomBytes(100)];

/** What S3 documents for the whole, computed here from the parts. */
function expectedOf(algorithm: ChecksumName, type: 'COMPOSITE' | 'FULL_OBJECT'): string {
  if (type === 'FULL_OBJECT') return checksumOf(algorithm, Buffer.concat(bodies));
  return `${checksumOf(algorithm, Buffer.concat(bodies.map((body) => digestOf(algorithm, body))))}-${bodies.length}`;
}

async function uploadAll(Key: string, algorithm: ChecksumName, type: 'COMPOSITE' | 'FULL_OBJECT') {
  const created = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: algorithm, ChecksumType: type }),
  );
  assert.deepEqual([created.ChecksumAlgorithm, created.ChecksumType], [algorithm, type]);
  const upload = { Bucket, Key, UploadId: created.UploadId ?? '' };
  const Parts: CompletedPart[] = [];
  for (const [index, body] of bodies.entries()) {
    const query = { partNumber: String(index + 1), uploadId: upload.UploadId };
    const checksum = checksumOf(algorithm, body);
    const headers = { [header(algorithm)]: checksum };
    const reply = await raw({ method: 'PUT', path: `/${Bucket}/${Key}`, query, body, headers });
    assert.deepEqual([reply.status, reply.headers[header(algorithm)]], [200, checksum]);
    Parts.push({ PartNumber: index + 1, ETag: String(reply.headers['etag']), [field(algorithm)]: checksum });
  }
  return { upload, Parts };
}

const types = (algorithm: ChecksumName): ('COMPOSITE' | 'FULL_OBJECT')[] => {
  if (algorithm === 'CRC64NVME') return ['FULL_OBJECT'];
  return algorithm.startsWith('CRC') ? ['COMPOSITE', 'FULL_OBJECT'] : ['COMPOSITE'];
};

for (const algorithm of checksumNames) {
  for (const type of types(algorithm)) {
    test(`${algorithm} ${type} of an upload is that of its parts, whole and by part`, async () => {
      const Key = `parts-${algorithm}-${type}`;
      const { upload, Parts } = await uploadAll(Key, algorithm, type);
      const listed = await client.send(new ListPartsCommand(upload));
      assert.deepEqual([listed.ChecksumAlgorithm, listed.ChecksumType], [algorithm, type]);
      assert.deepEqual(
        listed.Parts?.map((part) => value(part, algorithm)),
        Parts.map((part) => value(part, algorithm)),
      );
      const expected = expectedOf(algorithm, type);
      const finish = (more: object) =>
        client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...more }));
      const wrong = { [field(algorithm)]: checksumOf(algorithm, randomBytes(3)) };
      assert.deepEqual(await refusalOf(finish(wrong)), [400, 'BadDigest']);
      const otherType = type === 'COMPOSITE' ? 'FULL_OBJECT' : 'COMPOSITE';
      assert.deepEqual(await refusalOf(finish({ ChecksumType: otherType })), [400, 'InvalidRequest']);
      assert.deepEqual(await refusalOf(finish({ MpuObjectSize: 7 })), [400, 'InvalidRequest']);
      const done = await finish({ [field(algorithm)]: expected, ChecksumType: type });
      assert.deepEqual([value(done, algorithm), done.ChecksumType], [expected, type]);
      const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
      assert.deepEqual([value(head, algorithm), head.ChecksumType], [expected, type]);
      for (const [index, body] of bodies.entries()) {
        const input = { Bucket, Key, PartNumber: index + 1, ChecksumMode: 'ENABLED' as const };
        const part = await client.send(new HeadObjectCommand(input));
        assert.deepEqual([value(part, algorithm), part.ChecksumType], [checksumOf(algorithm, body), type]);
      }
      assert.ok(Buffer.concat(bodies).equals(await bytesOf(await client.send(new GetObjectCommand({ Bucket, Key })))));
    });
  }
}

test('types an algorithm does not have are refused', async () => {
  const create = (algorithm: ChecksumName, ChecksumType: 'COMPOSITE' | 'FULL_OBJECT') =>
    client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'none', ChecksumAlgorithm: algorithm, ChecksumType }));
  assert.deepEqual(await refusalOf(create('CRC64NVME', 'COMPOSITE')), [400, 'InvalidRequest']);
  for (const algorithm of ['SHA1', 'SHA256', 'SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128'] as const) {
    assert.deepEqual(await refusalOf(create(algorithm, 'FULL_OBJECT')), [400, 'InvalidRequest']);
  }
});

test('an upload that chose no checksum gets CRC64NVME of the whole, and its parts have their own', async () => {
  const Key = 'unchosen';
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const Parts: CompletedPart[] = [];
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1;
    const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  const done = await client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
  );
  const [a = '', b = '', c = ''] = bodies.map((body) => checksumOf('CRC64NVME', body));
  const [, second, third] = bodies.map(({ length }) => length);
  const combined = combineChecksums('CRC64NVME', combineChecksums('CRC64NVME', a, b, second ?? 0), c, third ?? 0);
  assert.deepEqual([done.ChecksumCRC64NVME, done.ChecksumType], [combined, 'FULL_OBJECT']);
  assert.equal(combined, checksumOf('CRC64NVME', Buffer.concat(bodies)));
});

test('GetObjectAttributes tells what it is asked for, and pages parts', async () => {
  const { upload, Parts } = await uploadAll('attributes', 'SHA256', 'COMPOSITE');
  const { ETag } = await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  const ask = (more: object = {}) =>
    client.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: 'attributes',
        ObjectAttributes: ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'],
        ...more,
      }),
    );
  const all = await ask();
  assert.equal(all.ETag, ETag?.replaceAll('"', ''));
  assert.equal(all.ObjectSize, Buffer.concat(bodies).length);
  assert.equal(all.StorageClass, 'STANDARD');
  assert.ok(all.LastModified instanceof Date);
  const { Parts: listed, ...page } = all.ObjectParts ?? {};
  const whole = {
    IsTruncated: false,
    MaxParts: 1000,
    NextPartNumberMarker: '3',
    PartNumberMarker: '0',
    TotalPartsCount: 3,
  };
  assert.deepEqual(page, whole);
  const expected = bodies.map((body, index) => ({
    PartNumber: index + 1,
    Size: body.length,
    ChecksumSHA256: checksumOf('SHA256', body),
  }));
  assert.deepEqual(listed, expected);
  const one = await ask({ MaxParts: 1, PartNumberMarker: '1' });
  assert.deepEqual(one.ObjectParts, {
    IsTruncated: true,
    MaxParts: 1,
    NextPartNumberMarker: '2',
    PartNumberMarker: '1',
    TotalPartsCount: 3,
    Parts: expected.slice(1, 2),
  });
  const some = await ask({ ObjectAttributes: ['ObjectSize'] });
  assert.deepEqual([some.ETag, some.Checksum, some.ObjectParts, some.StorageClass], Array(4).fill(undefined));
});

test('GetObjectAttributes needs attributes it knows, and an object', async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: 'plain', Body: 'x' }));
  const ask = (key: string, headers: Record<string, string> = {}) =>
    raw({ path: `/${Bucket}/${key}`, query: 'attributes=', headers });
  assert.equal((await ask('plain')).code, 'InvalidRequest');
  assert.equal((await ask('plain', { 'x-amz-object-attributes': 'Colour' })).code, 'InvalidArgument');
  assert.equal((await ask('missing', { 'x-amz-object-attributes': 'ETag' })).code, 'NoSuchKey');
  const reply = await ask('plain', { 'x-amz-object-attributes': 'ETag,ObjectParts' });
  assert.match(reply.text, new RegExp(`<ETag>${createHash('md5').update('x').digest('hex')}</ETag>`));
  assert.doesNotMatch(reply.text, /ObjectParts/);
});
