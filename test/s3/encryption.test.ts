// Server-side encryption as clients see it. The server has the named key `backups`.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  type ServerSideEncryptionRule,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { bytesOf, clientFor, createKey, openTarget, refusalOf } from './s3-target.ts';
import { startServer } from '../support/start-server.ts';

const s3 = await openTarget(['--kms-key', 'backups']);
after(() => s3[Symbol.asyncDispose]());
const { client, raw } = s3;
const Bucket = await s3.bucket();

const SSE = 'x-amz-server-side-encryption';

function customerKey() {
  const bytes = randomBytes(32);
  const [key, md5] = [bytes.toString('base64'), createHash('md5').update(bytes).digest('base64')];
  return {
    bytes,
    fields: { SSECustomerAlgorithm: 'AES256', SSECustomerKey: key, SSECustomerKeyMD5: md5 },
    ofSource: {
      CopySourceSSECustomerAlgorithm: 'AES256',
      CopySourceSSECustomerKey: key,
      CopySourceSSECustomerKeyMD5: md5,
    },
    headers: {
      [`${SSE}-customer-algorithm`]: 'AES256',
      [`${SSE}-customer-key`]: key,
      [`${SSE}-customer-key-md5`]: md5,
    } as Record<string, string>,
  };
}

const [mine, other] = [customerKey(), customerKey()];

type Mode = {
  readonly name: string;
  readonly write: Parameters<typeof put>[2];
  readonly read: object;
  readonly source: object;
  readonly shown: readonly [
    method: string | undefined,
    keyId: string | undefined,
    customerAlgorithm: string | undefined,
  ];
};

const modes: readonly Mode[] = [
  {
    name: 'SSE-S3',
    write: { ServerSideEncryption: 'AES256' },
    read: {},
    source: {},
    shown: ['AES256', undefined, undefined],
  },
  {
    name: 'SSE-KMS',
    write: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'backups' },
    read: {},
    source: {},
    shown: ['aws:kms', 'backups', undefined],
  },
  {
    name: 'SSE-C',
    write: mine.fields,
    read: mine.fields,
    source: mine.ofSource,
    shown: [undefined, undefined, 'AES256'],
  },
  {
    name: 'SSE-C of another key',
    write: other.fields,
    read: other.fields,
    source: other.ofSource,
    shown: [undefined, undefined, 'AES256'],
  },
];

function put(Key: string, Body: Uint8Array, more: Partial<ConstructorParameters<typeof PutObjectCommand>[0]> = {}) {
  return client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
}
const get = (Key: string, more: object = {}) => client.send(new GetObjectCommand({ Bucket, Key, ...more }));
const head = (Key: string, more: object = {}) => client.send(new HeadObjectCommand({ Bucket, Key, ...more }));
const md5Of = (bytes: Uint8Array) => `"${createHash('md5').update(bytes).digest('hex')}"`;

type Shown = Pick<GetObjectCommandOutput, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'SSECustomerAlgorithm'>;
const shownOf = (answer: Shown) => [answer.ServerSideEncryption, answer.SSEKMSKeyId, answer.SSECustomerAlgorithm];

for (const { name, write, read, shown } of modes) {
  test(`${name}: every answer says how the object is encrypted, and any range reads as written`, async () => {
    for (const size of [0, 100, 200_000]) {
      const Body = randomBytes(size);
      const written = await put('k', Body, write);
      const got = await get('k', read);
      for (const answer of [written, got, await head('k', read)]) assert.deepEqual(shownOf(answer), shown);
      assert.ok(Body.equals(await bytesOf(got)));
      assert.equal(got.ContentLength, size);
      // checklist 21: not the MD5 under KMS and customers' keys
      assert.equal(written.ETag === md5Of(Body), name === 'SSE-S3');
      if (size === 0) continue;
      const part = await get('k', { ...read, Range: `bytes=${Math.floor(size / 3)}-${size - 2}` });
      assert.ok(Body.subarray(Math.floor(size / 3), size - 1).equals(await bytesOf(part)));
    }
  });
}

const AWS_DEFAULT: Mode = {
  name: 'the default',
  write: {},
  read: {},
  source: {},
  shown: ['AES256', undefined, undefined],
};

for (const from of modes) {
  for (const to of [AWS_DEFAULT, ...modes]) {
    test(`CopyObject and UploadPartCopy go from ${from.name} to ${to.name}`, async () => {
      const Body = randomBytes(100_000);
      await put('source', Body, from.write);
      const CopySource = `${Bucket}/source`;
      const copied = await client.send(
        new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, ...from.source, ...to.write }),
      );
      assert.deepEqual(shownOf(copied), to.shown);
      assert.ok(Body.equals(await bytesOf(await get('copy', to.read))));
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts', ...to.write }));
      const upload = { Bucket, Key: 'parts', UploadId };
      const part = await client.send(
        new UploadPartCopyCommand({
          ...upload,
          PartNumber: 1,
          CopySource,
          CopySourceRange: 'bytes=10-99999',
          ...from.source,
          ...to.read,
        }),
      );
      assert.deepEqual(shownOf(part), to.shown);
      const Parts = [{ PartNumber: 1, ETag: part.CopyPartResult?.ETag }];
      await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
      assert.ok(Body.subarray(10).equals(await bytesOf(await get('parts', to.read))));
    });
  }
}

test('an object changes its encryption by being copied onto itself, and only then may it be', async () => {
  const Body = randomBytes(1000);
  await put('self', Body);
  const CopySource = `${Bucket}/self`;
  const unchanged = client.send(new CopyObjectCommand({ Bucket, Key: 'self', CopySource }));
  assert.deepEqual(await refusalOf(unchanged), [400, 'InvalidRequest']);
  let source = {};
  for (const to of [...modes, ...modes.toReversed()]) {
    await client.send(new CopyObjectCommand({ Bucket, Key: 'self', CopySource, ...source, ...to.write }));
    const got = await get('self', to.read);
    assert.deepEqual(shownOf(got), to.shown);
    assert.ok(Body.equals(await bytesOf(got)));
    ({ source } = to);
  }
});

// checklist 54
test('an object under a customer key is 400 without the key and 403 with another, for HEAD as for GET', async () => {
  await put('mine', randomBytes(10), mine.fields);
  assert.deepEqual(await refusalOf(get('mine')), [400, 'InvalidRequest']);
  assert.deepEqual(await refusalOf(get('mine', other.fields)), [403, 'AccessDenied']);
  assert.equal((await refusalOf(head('mine')))?.[0], 400);
  assert.equal((await refusalOf(head('mine', other.fields)))?.[0], 403);
  const attributes = { Bucket, Key: 'mine', ObjectAttributes: ['ObjectSize' as const] };
  assert.deepEqual(await refusalOf(client.send(new GetObjectAttributesCommand(attributes))), [400, 'InvalidRequest']);
  const { ObjectSize } = await client.send(new GetObjectAttributesCommand({ ...attributes, ...mine.fields }));
  assert.equal(ObjectSize, 10);
  const copy = (source: object) =>
    refusalOf(client.send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource: `${Bucket}/mine`, ...source })));
  assert.deepEqual(await copy({}), [400, 'InvalidRequest']);
  assert.deepEqual(await copy(other.ofSource), [403, 'AccessDenied']);
  await put('plain', randomBytes(10));
  assert.deepEqual(await refusalOf(get('plain', mine.fields)), [400, 'InvalidRequest']);
});

test('a customer key comes with all three headers, of the right length and with its MD5', async () => {
  const algorithm = `${SSE}-customer-algorithm`;
  const [key, md5] = [`${SSE}-customer-key`, `${SSE}-customer-key-md5`];
  const short = randomBytes(16);
  const cases: [headers: Record<string, string>, code: string, message: RegExp][] = [
    [{ [key]: 'x', [md5]: 'x' }, 'InvalidArgument', /a valid encryption algorithm/],
    [{ [algorithm]: 'AES256' }, 'InvalidArgument', /an appropriate secret key/],
    [{ [algorithm]: 'AES256', [key]: mine.headers[key] ?? '' }, 'InvalidArgument', /client calculated MD5/],
    [{ ...mine.headers, [md5]: other.headers[md5] ?? '' }, 'InvalidArgument', /did not match the hash/],
    [{ ...mine.headers, [algorithm]: 'AES128' }, 'InvalidEncryptionAlgorithmError', /Supported value: AES256/],
    [
      {
        [algorithm]: 'AES256',
        [key]: short.toString('base64'),
        [md5]: createHash('md5').update(short).digest('base64'),
      },
      'InvalidArgument',
      /secret key was invalid/,
    ],
    [{ ...mine.headers, [SSE]: 'AES256' }, 'InvalidArgument', /incompatible with the encryption method/],
  ];
  for (const [headers, code, message] of cases) {
    const reply = await raw({ method: 'PUT', path: `/${Bucket}/refused`, headers, body: 'x' });
    assert.deepEqual([reply.status, reply.code], [400, code]);
    assert.match(reply.field('Message') ?? '', message);
  }
  assert.deepEqual(await refusalOf(get('refused')), [404, 'NoSuchKey']);
});

test('methods and KMS headers that make no sense are refused, each with its own words', async () => {
  const cases: [headers: Record<string, string>, status: number, code: string, message: RegExp][] = [
    [{ [SSE]: 'aes:kms' }, 400, 'InvalidArgument', /not supported/],
    [{ [SSE]: '' }, 400, 'InvalidArgument', /not supported/],
    [{ [SSE]: 'aws:kms:dsse' }, 501, 'NotImplemented', /dual-layer/],
    [{ [SSE]: 'aws:kms', [`${SSE}-aws-kms-key-id`]: 'nobody' }, 400, 'KMS.NotFoundException', /Invalid keyId 'nobody'/],
    [{ [`${SSE}-aws-kms-key-id`]: 'backups' }, 400, 'InvalidArgument', /requires HTTP header/],
    [{ [SSE]: 'AES256', [`${SSE}-aws-kms-key-id`]: 'backups' }, 400, 'InvalidArgument', /requires HTTP header/],
    [{ [SSE]: 'aws:kms', [`${SSE}-context`]: 'no json' }, 400, 'InvalidArgument', /string-string map/],
  ];
  for (const [headers, status, code, message] of cases) {
    const reply = await raw({ method: 'PUT', path: `/${Bucket}/refused`, headers, body: 'x' });
    assert.deepEqual([reply.status, reply.code], [status, code]);
    assert.match(reply.field('Message') ?? '', message);
  }
});

test('reads and parts do not take the encryption method', async () => {
  await put('k', randomBytes(10));
  for (const query of ['', 'attributes=']) {
    const reply = await raw({ path: `/${Bucket}/k`, query, headers: { [SSE]: 'AES256' } });
    assert.deepEqual([reply.status, reply.code], [400, 'InvalidArgument']);
  }
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
  const query = { partNumber: '1', uploadId: UploadId };
  const reply = await raw({ method: 'PUT', path: `/${Bucket}/k`, query, headers: { [SSE]: 'AES256' }, body: 'x' });
  assert.deepEqual([reply.status, reply.code], [400, 'InvalidArgument']);
});

test('KMS without a key id takes the managed key; the context is repeated to its writer only', async () => {
  const SSEKMSEncryptionContext = Buffer.from('{"team":"a"}').toString('base64');
  const written = await put('kms', randomBytes(10), {
    ServerSideEncryption: 'aws:kms',
    SSEKMSEncryptionContext,
    BucketKeyEnabled: true,
  });
  assert.deepEqual([written.SSEKMSKeyId, written.BucketKeyEnabled], ['alias/aws/s3', true]);
  assert.equal(written.SSEKMSEncryptionContext, SSEKMSEncryptionContext);
  const reply = await raw({ method: 'HEAD', path: `/${Bucket}/kms` });
  assert.equal(reply.headers[`${SSE}-context`], undefined);
});

test('completing an upload under a customer key needs the key where the upload named a checksum algorithm', async () => {
  const upload = { Bucket, Key: 'checked parts' };
  const began = { ...upload, ChecksumAlgorithm: 'CRC32' as const, ...mine.fields };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(began));
  const part = { ...upload, UploadId, PartNumber: 1, Body: 'x', ChecksumAlgorithm: 'CRC32' as const };
  const { ETag, ChecksumCRC32 } = await client.send(new UploadPartCommand({ ...part, ...mine.fields }));
  const complete = (fields: object) =>
    client.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ChecksumCRC32 }] },
        ...fields,
      }),
    );
  assert.deepEqual(await refusalOf(complete({})), [400, 'InvalidRequest']);
  assert.deepEqual(await refusalOf(complete(other.fields)), [400, 'InvalidRequest']);
  await complete(mine.fields);
  assert.equal(Buffer.from(await bytesOf(await get('checked parts', mine.fields))).toString(), 'x');
});

test('parts of an upload under a customer key need that key; completing does not', async () => {
  const { UploadId, ...created } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key: 'parts', ...mine.fields }),
  );
  assert.equal(created.SSECustomerAlgorithm, 'AES256');
  const upload = { Bucket, Key: 'parts', UploadId, PartNumber: 1 };
  const Body = randomBytes(300_000);
  assert.deepEqual(await refusalOf(client.send(new UploadPartCommand({ ...upload, Body }))), [400, 'InvalidRequest']);
  const wrong = client.send(new UploadPartCommand({ ...upload, Body, ...other.fields }));
  assert.deepEqual(await refusalOf(wrong), [400, 'InvalidRequest']);
  const { ETag, SSECustomerKeyMD5 } = await client.send(new UploadPartCommand({ ...upload, Body, ...mine.fields }));
  assert.equal(SSECustomerKeyMD5, mine.fields.SSECustomerKeyMD5);
  await client.send(
    new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }),
  );
  assert.deepEqual(await refusalOf(get('parts')), [400, 'InvalidRequest']);
  assert.ok(Body.equals(await bytesOf(await get('parts', mine.fields))));
  assert.ok(Body.equals(await bytesOf(await get('parts', { ...mine.fields, PartNumber: 1 }))));
});

const ruleOf = async (name: string): Promise<ServerSideEncryptionRule | undefined> => {
  const answer = await client.send(new GetBucketEncryptionCommand({ Bucket: name }));
  return answer.ServerSideEncryptionConfiguration?.Rules?.[0];
};
const setRule = (name: string, rule: ServerSideEncryptionRule) =>
  client.send(new PutBucketEncryptionCommand({ Bucket: name, ServerSideEncryptionConfiguration: { Rules: [rule] } }));

// checklist 50
test('a new bucket encrypts with SSE-S3, takes another default, and goes back to SSE-S3', async () => {
  const name = await s3.bucket();
  const sseS3 = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false };
  assert.deepEqual(await ruleOf(name), sseS3);
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'backups' },
    BucketKeyEnabled: true,
  } as const;
  await setRule(name, rule);
  assert.deepEqual(await ruleOf(name), rule);
  const written = await put('k', randomBytes(10), { Bucket: name });
  assert.deepEqual(
    [written.ServerSideEncryption, written.SSEKMSKeyId, written.BucketKeyEnabled],
    ['aws:kms', 'backups', true],
  );
  await client.send(new DeleteBucketEncryptionCommand({ Bucket: name }));
  assert.deepEqual(await ruleOf(name), sseS3);
});

test('with legacy defaults a new bucket encrypts nothing, until it is told to', async () => {
  await using server = await startServer({ args: ['--bucket-defaults', 'legacy'] });
  const ca = await readFile(server.caFile, 'utf8');
  const legacy = clientFor({ url: server.s3Url, region: 'HAN02', ca }, await createKey(server));
  await legacy.send(new CreateBucketCommand({ Bucket: 'legacy' }));
  const read = () => legacy.send(new GetBucketEncryptionCommand({ Bucket: 'legacy' }));
  const none = [404, 'ServerSideEncryptionConfigurationNotFoundError'];
  assert.deepEqual(await refusalOf(read()), none);
  const write = () => legacy.send(new PutObjectCommand({ Bucket: 'legacy', Key: 'k', Body: 'x' }));
  assert.equal((await write()).ServerSideEncryption, undefined);
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }];
  const ServerSideEncryptionConfiguration = { Rules };
  await legacy.send(new PutBucketEncryptionCommand({ Bucket: 'legacy', ServerSideEncryptionConfiguration }));
  assert.equal((await write()).ServerSideEncryption, 'AES256');
  await legacy.send(new DeleteBucketEncryptionCommand({ Bucket: 'legacy' }));
  assert.deepEqual(await refusalOf(read()), none);
});

test('a bucket can block customer keys and keeps its default; objects it has stay readable', async () => {
  const name = await s3.bucket();
  await put('old', Buffer.from('old'), { Bucket: name, ...mine.fields });
  await setRule(name, { BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } });
  const rule = await ruleOf(name);
  assert.deepEqual(rule?.BlockedEncryptionTypes?.EncryptionType, ['SSE-C']);
  assert.equal(rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm, 'AES256');
  assert.deepEqual(await refusalOf(put('k', randomBytes(1), { Bucket: name, ...mine.fields })), [403, 'AccessDenied']);
  assert.equal(Buffer.from(await bytesOf(await get('old', { Bucket: name, ...mine.fields }))).toString(), 'old');
  await setRule(name, { BlockedEncryptionTypes: { EncryptionType: ['NONE'] } });
  await put('k', randomBytes(1), { Bucket: name, ...mine.fields });
});

test('a configuration that makes no sense is refused and changes nothing', async () => {
  const name = await s3.bucket();
  const document = (rules: string) => `<ServerSideEncryptionConfiguration>${rules}</ServerSideEncryptionConfiguration>`;
  const rule = (inner: string) =>
    `<Rule><ApplyServerSideEncryptionByDefault>${inner}</ApplyServerSideEncryptionByDefault></Rule>`;
  const aes = rule('<SSEAlgorithm>AES256</SSEAlgorithm>');
  const cases: [rules: string, status: number, code: string][] = [
    ['', 400, 'MalformedXML'],
    [aes + aes, 400, 'MalformedXML'],
    [rule('<SSEAlgorithm>DES</SSEAlgorithm>'), 400, 'MalformedXML'],
    [rule('<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>backups</KMSMasterKeyID>'), 400, 'InvalidArgument'],
    [rule('<SSEAlgorithm>aws:kms:dsse</SSEAlgorithm>'), 501, 'NotImplemented'],
  ];
  for (const [rules, status, code] of cases) {
    const reply = await raw({ method: 'PUT', path: `/${name}`, query: 'encryption=', body: document(rules) });
    assert.deepEqual([reply.status, reply.code], [status, code], rules);
  }
  assert.equal((await ruleOf(name))?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm, 'AES256');
});

test('after a rotation of the keys everything stays readable and new objects take the new versions', async (t) => {
  if (s3.server === null) return t.skip('the operator commands are not at hand');
  const Body = randomBytes(50_000);
  for (const { name, write } of modes) await put(`before of ${name}`, Body, write);
  assert.equal(((await s3.server.cli(['encryption-key', 'rotate'])) as { version: number }).version, 2);
  assert.equal(((await s3.server.cli(['encryption-key', 'rotate', 'backups'])) as { version: number }).version, 2);
  await assert.rejects(s3.server.cli(['encryption-key', 'rotate', 'nobody']), /there is no key "nobody"/);
  const listed = (await s3.server.cli(['encryption-key', 'list'])) as { for: string; name: string; version: number }[];
  const versions = listed.map((key) => `${key.for} ${key.name} ${key.version}`);
  for (const wanted of ['SSE-S3  1', 'SSE-S3  2', 'SSE-KMS backups 1', 'SSE-KMS backups 2']) {
    assert.ok(versions.includes(wanted), wanted);
  }
  for (const { name, write, read } of modes) {
    await put(`after of ${name}`, Body, write);
    for (const when of ['before', 'after']) {
      assert.ok(Body.equals(await bytesOf(await get(`${when} of ${name}`, read))));
    }
  }
});

test('nothing of an encrypted object, nor the customer key, is found in the data directory', async (t) => {
  if (s3.server === null) return t.skip('the data directory is not at hand');
  const marker = randomBytes(24);
  const large = Buffer.concat(Array.from({ length: 20_000 }, () => marker));
  for (const { name, write } of modes) {
    await put(`small of ${name}`, marker, write);
    await put(`large of ${name}`, large, write);
  }
  const entries = await readdir(s3.server.dataDir, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const content = await readFile(join(entry.parentPath, entry.name));
    for (const secret of [marker, mine.bytes, Buffer.from(mine.bytes.toString('base64'))]) {
      assert.ok(!content.includes(secret), entry.name);
    }
  }
});
