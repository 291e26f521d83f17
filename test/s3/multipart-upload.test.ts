import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { bytesOf, openTarget, refusalOf } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;
const Bucket = await s3.bucket();

const MIB = 1024 * 1024;
const big = randomBytes(5 * MIB);
const small = randomBytes(1000);

const md5 = (...bytes: Uint8Array[]) => {
  const hash = createHash('md5');
  for (const part of bytes) hash.update(part);
  return hash.digest();
};
const etagOf = (...parts: Uint8Array[]) =>
  `"${md5(...parts.map((part) => md5(part))).toString('hex')}-${parts.length}"`;

async function create(Key: string, input: Partial<CreateMultipartUploadCommandInput> = {}) {
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...input }));
  return { Bucket, Key, UploadId };
}
type Started = Awaited<ReturnType<typeof create>>;

async function send(upload: Started, PartNumber: number, Body: Uint8Array): Promise<CompletedPart> {
  const part = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
  const { ETag, ChecksumCRC32, ChecksumSHA256 } = part;
  return { PartNumber, ETag, ...(ChecksumCRC32 && { ChecksumCRC32 }), ...(ChecksumSHA256 && { ChecksumSHA256 }) };
}

const complete = (upload: Started, Parts: CompletedPart[], more = {}) =>
  client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...more }));

test('parts become one object with the etag of its parts, read whole, by range and by part', async () => {
  const upload = await create('whole', { ContentType: 'video/x', Metadata: { m: '1' } });
  const parts = [await send(upload, 2, small), await send(upload, 1, big)].toReversed();
  const done = await complete(upload, parts);
  assert.equal(done.ETag, etagOf(big, small));
  assert.match(done.Location ?? '', new RegExp(`^https://.+/${Bucket}/whole$`));
  const got = await client.send(new GetObjectCommand({ Bucket, Key: 'whole' }));
  assert.deepEqual([got.ContentType, got.Metadata, got.ETag], ['video/x', { m: '1' }, done.ETag]);
  assert.ok(Buffer.concat([big, small]).equals(await bytesOf(got)));
  const across = await raw({ path: `/${Bucket}/whole`, headers: { range: `bytes=${5 * MIB - 3}-${5 * MIB + 2}` } });
  assert.ok(across.body.equals(Buffer.concat([big.subarray(-3), small.subarray(0, 3)])));
  const second = await raw({ path: `/${Bucket}/whole`, query: { partNumber: '2' } });
  assert.deepEqual([second.status, second.headers['x-amz-mp-parts-count']], [206, '2']);
  assert.ok(second.body.equals(small));
  assert.equal((await raw({ path: `/${Bucket}/whole`, query: { partNumber: '3' } })).code, 'InvalidPartNumber');
});

test('the SDK’s own uploader works with its defaults', async () => {
  const Body = randomBytes(11 * MIB);
  const upload = new Upload({ client, params: { Bucket, Key: 'sdk', Body }, partSize: 5 * MIB });
  await upload.done();
  const got = await client.send(new GetObjectCommand({ Bucket, Key: 'sdk' }));
  assert.ok(Body.equals(await bytesOf(got)));
});

test('a part sent again replaces the one before, and parts not named are dropped', async () => {
  const upload = await create('replaced');
  await send(upload, 1, big);
  const first = await send(upload, 1, small);
  await send(upload, 2, big);
  await complete(upload, [first]);
  assert.equal((await client.send(new HeadObjectCommand({ Bucket, Key: 'replaced' }))).ContentLength, small.length);
});

test('completing again answers the same, and everything else says the upload is gone', async () => {
  const upload = await create('again');
  const part = await send(upload, 1, small);
  const [once, twice] = [await complete(upload, [part]), await complete(upload, [part])];
  assert.equal(once.ETag, twice.ETag);
  assert.deepEqual(await refusalOf(client.send(new ListPartsCommand(upload))), [404, 'NoSuchUpload']);
  assert.deepEqual(await refusalOf(send(upload, 2, small)), [404, 'NoSuchUpload']);
  assert.deepEqual(await refusalOf(client.send(new AbortMultipartUploadCommand(upload))), [404, 'NoSuchUpload']);
});

test('an aborted upload is gone with its parts', async () => {
  const upload = await create('aborted');
  const part = await send(upload, 1, small);
  await client.send(new AbortMultipartUploadCommand(upload));
  assert.deepEqual(await refusalOf(complete(upload, [part])), [404, 'NoSuchUpload']);
  assert.deepEqual(await refusalOf(client.send(new HeadObjectCommand({ Bucket, Key: 'aborted' }))), [404, 'NotFound']);
});

test('wrong lists of parts are refused and the upload stays usable', async () => {
  const upload = await create('lists');
  const [one, two] = [await send(upload, 1, small), await send(upload, 2, small)];
  assert.deepEqual(await refusalOf(complete(upload, [one, two])), [400, 'EntityTooSmall']);
  assert.deepEqual(await refusalOf(complete(upload, [two, one])), [400, 'InvalidPartOrder']);
  assert.deepEqual(await refusalOf(complete(upload, [{ ...one, ETag: '"wrong"' }])), [400, 'InvalidPart']);
  assert.deepEqual(await refusalOf(complete(upload, [{ ...one, PartNumber: 9 }])), [400, 'InvalidPart']);
  for (const body of [
    '',
    '<CompleteMultipartUpload/>',
    '<CompleteMultipartUpload><Part/></CompleteMultipartUpload>',
    '<X/>',
  ]) {
    const reply = await raw({ method: 'POST', path: `/${Bucket}/lists`, query: { uploadId: upload.UploadId }, body });
    assert.deepEqual([reply.status, reply.code], [400, 'MalformedXML'], body);
  }
  assert.ok((await complete(upload, [one])).ETag);
});

test('part numbers run from 1 to 10,000', async () => {
  const { UploadId } = await create('numbers');
  const put = (partNumber: string) =>
    raw({ method: 'PUT', path: `/${Bucket}/numbers`, query: { partNumber, uploadId: UploadId }, body: 'x' });
  for (const number of ['0', '10001', '-1', 'x', '']) {
    const reply = await put(number);
    assert.deepEqual([reply.status, reply.code], [400, 'InvalidArgument'], number);
  }
  assert.equal((await put('10000')).status, 200);
});

test('an upload id of nobody, or of another key, is NoSuchUpload', async () => {
  const { UploadId } = await create('mine');
  for (const [key, uploadId] of [
    ['mine', 'nonsense'],
    ['mine', `${UploadId}x`],
    ['other', UploadId],
    ['mine', ''],
  ] as const) {
    const reply = await raw({ path: `/${Bucket}/${key}`, query: { uploadId } });
    assert.deepEqual([reply.status, reply.code], [404, 'NoSuchUpload'], `${key} ${uploadId}`);
  }
});

test('parts are listed in pages', async () => {
  const upload = await create('parts');
  for (const number of [1, 2, 3]) await send(upload, number, small);
  const first = await client.send(new ListPartsCommand({ ...upload, MaxParts: 2 }));
  assert.deepEqual([first.IsTruncated, first.NextPartNumberMarker, first.Parts?.length], [true, '2', 2]);
  const second = await client.send(new ListPartsCommand({ ...upload, PartNumberMarker: first.NextPartNumberMarker }));
  assert.deepEqual(
    second.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
    [[3, small.length]],
  );
  assert.deepEqual([second.IsTruncated, second.StorageClass], [false, 'STANDARD']);
  assert.ok(second.Initiator?.ID && second.Owner?.ID);
});

test('open uploads are listed by key, with prefixes and in pages', async () => {
  const bucket = await s3.bucket();
  const keys = ['a', 'd/1', 'd/1', 'd/2', 'z'];
  for (const Key of keys) await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
  const all = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  assert.deepEqual(
    all.Uploads?.map(({ Key }) => Key),
    keys,
  );
  const grouped = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Delimiter: '/' }));
  assert.deepEqual(
    grouped.Uploads?.map(({ Key }) => Key),
    ['a', 'z'],
  );
  assert.deepEqual(
    grouped.CommonPrefixes?.map(({ Prefix }) => Prefix),
    ['d/'],
  );
  const seen: (string | undefined)[] = [];
  let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
  do {
    const page = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, MaxUploads: 2, ...markers }));
    seen.push(...(page.Uploads ?? []).map(({ UploadId }) => UploadId));
    markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  } while (markers.KeyMarker !== undefined);
  assert.deepEqual(
    seen,
    all.Uploads?.map(({ UploadId }) => UploadId),
  );
});

test('composite and full-object checksums are what AWS computes', async () => {
  const composite = await create('composite', { ChecksumAlgorithm: 'SHA256' });
  const parts = [];
  for (const [index, Body] of [big, small].entries()) {
    const input = { ...composite, PartNumber: index + 1, Body, ChecksumAlgorithm: 'SHA256' as const };
    const { ETag, ChecksumSHA256 } = await client.send(new UploadPartCommand(input));
    parts.push({ PartNumber: index + 1, ETag, ChecksumSHA256 });
  }
  const done = await complete(composite, parts);
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  const expected = sha256(Buffer.concat([sha256(big), sha256(small)])).toString('base64');
  assert.deepEqual([done.ChecksumSHA256, done.ChecksumType], [`${expected}-2`, 'COMPOSITE']);

  const full = await create('full', { ChecksumAlgorithm: 'CRC64NVME' });
  const sendFull = async (PartNumber: number, Body: Buffer) => {
    const input = { ...full, PartNumber, Body, ChecksumAlgorithm: 'CRC64NVME' as const };
    return { PartNumber, ETag: (await client.send(new UploadPartCommand(input))).ETag };
  };
  const mismatch = client.send(
    new UploadPartCommand({ ...full, PartNumber: 1, Body: small, ChecksumAlgorithm: 'CRC32' }),
  );
  assert.deepEqual(await refusalOf(mismatch), [400, 'InvalidRequest']);
  const fullDone = await complete(full, [await sendFull(1, big), await sendFull(2, small)]);
  const whole = await raw({ method: 'PUT', path: `/${Bucket}/once`, body: Buffer.concat([big, small]) });
  assert.deepEqual(
    [fullDone.ChecksumCRC64NVME, fullDone.ChecksumType],
    [whole.headers['x-amz-checksum-crc64nvme'], 'FULL_OBJECT'],
  );
});

test('a size or checksum of the whole that does not fit is refused', async () => {
  const upload = await create('sized');
  const part = await send(upload, 1, small);
  assert.deepEqual(await refusalOf(complete(upload, [part], { MpuObjectSize: 1 })), [400, 'InvalidRequest']);
  assert.deepEqual(
    await refusalOf(complete(upload, [part], { ChecksumCRC64NVME: Buffer.alloc(8).toString('base64') })),
    [400, 'BadDigest'],
  );
  assert.ok((await complete(upload, [part], { MpuObjectSize: small.length })).ETag);
});

test('completing obeys conditional writes', async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: 'taken', Body: 'x' }));
  const upload = await create('taken');
  const part = await send(upload, 1, small);
  assert.deepEqual(await refusalOf(complete(upload, [part], { IfNoneMatch: '*' })), [412, 'PreconditionFailed']);
  assert.equal((await raw({ path: `/${Bucket}/taken` })).text, 'x');
});

before(async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: big }));
});

test('parts are copied from objects, whole and by range', async () => {
  const upload = await create('copied');
  const CopySource = `${Bucket}/source`;
  const copy = async (PartNumber: number, CopySourceRange?: string) => {
    const input = { ...upload, PartNumber, CopySource, ...(CopySourceRange && { CopySourceRange }) };
    const { CopyPartResult } = await client.send(new UploadPartCopyCommand(input));
    return { PartNumber, ETag: CopyPartResult?.ETag };
  };
  await complete(upload, [await copy(1), await copy(2, 'bytes=10-19')]);
  const got = await raw({ path: `/${Bucket}/copied` });
  assert.ok(got.body.equals(Buffer.concat([big, big.subarray(10, 20)])));
  for (const range of ['bytes=0-', 'bytes=-5', '0-5', 'bytes=5-1', `bytes=0-${5 * MIB}`]) {
    const refused = await refusalOf(copy(3, range));
    assert.deepEqual(refused && refused[0], 400, range);
  }
});

test('a source condition that fails refuses the copied part', async () => {
  const upload = await create('conditional-part');
  const input = { ...upload, PartNumber: 1, CopySource: `${Bucket}/source`, CopySourceIfMatch: '"other"' };
  assert.deepEqual(await refusalOf(client.send(new UploadPartCopyCommand(input))), [412, 'PreconditionFailed']);
});
