// Whatever is wrong with a write: the right S3 error, nothing stored, usage unchanged.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { type RawReply, type RawRequest, rawS3 } from '../support/raw-s3.ts';
import { createKey, openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { raw, server } = s3;
const bucket = await s3.bucket();
const kept = { method: 'PUT', path: `/${bucket}/kept`, body: 'kept' };
await raw(kept);

const usage = async (): Promise<unknown> => (server === null ? null : server.cli(['usage']));

/** Small bodies stand in the metadata, large ones are blobs: both must leave nothing behind. */
const SIZES = [100, 200_000];

type Expected = readonly [status: number, code: string];

async function refuses(request: Omit<RawRequest, 'path'>, [status, code]: Expected): Promise<RawReply> {
  const before = await usage();
  const replies: RawReply[] = [];
  for (const size of SIZES) {
    for (const key of ['new', 'kept']) {
      const reply = await raw({ method: 'PUT', body: randomBytes(size), ...request, path: `/${bucket}/${key}` });
      assert.deepEqual([reply.status, reply.code], [status, code], `${size} bytes onto ${key}: ${reply.text}`);
      replies.push(reply);
    }
  }
  assert.equal((await raw({ path: `/${bucket}/new` })).status, 404);
  assert.equal((await raw({ path: `/${bucket}/kept` })).text, 'kept');
  assert.deepEqual(await usage(), before);
  const [first] = replies;
  assert.ok(first);
  return first;
}

const zeros = (text: string) => '0'.repeat(text.length);

test('a wrong signature', async () => {
  const reply = await refuses({ tamper: { signature: zeros } }, [403, 'SignatureDoesNotMatch']);
  assert.ok(reply.field('StringToSign') && reply.field('CanonicalRequest'));
  await refuses({ auth: 'presigned', tamper: { signature: zeros } }, [403, 'SignatureDoesNotMatch']);
  await refuses({ credentials: { secretKey: 'x'.repeat(40) } }, [403, 'SignatureDoesNotMatch']);
});

test('an unknown access key', async () => {
  await refuses({ credentials: { accessKey: '0'.repeat(32) } }, [403, 'InvalidAccessKeyId']);
});

test('nobody’s signature', async () => {
  await refuses({ auth: 'anonymous' }, [403, 'AccessDenied']);
});

test('a wrong region, and the right one is named', async () => {
  const reply = await refuses({ credentials: { region: 'mars-north-1' } }, [400, 'AuthorizationHeaderMalformed']);
  assert.equal(reply.field('Region'), s3.region);
});

test('a clock more than 15 minutes wrong', async () => {
  for (const skewMs of [-20 * 60_000, 20 * 60_000]) await refuses({ skewMs }, [403, 'RequestTimeTooSkewed']);
});

test('an expired presigned URL', async () => {
  const reply = await refuses({ auth: 'presigned', expiresSeconds: 60, skewMs: -120_000 }, [403, 'AccessDenied']);
  assert.match(reply.message ?? '', /expired/i);
});

test('a header that the signature does not cover', async () => {
  await refuses({ tamper: { unsignedHeaders: { 'x-amz-meta-a': '1' } } }, [403, 'AccessDenied']);
});

test('a body other than the one that was signed', async () => {
  const wire = (bytes: Buffer) => Buffer.from(bytes).fill(0x61);
  await refuses({ tamper: { wire } }, [400, 'XAmzContentSHA256Mismatch']);
});

test('a chunk that was tampered with', async () => {
  const wire = (bytes: Buffer) => {
    const changed = Buffer.from(bytes);
    const data = changed.indexOf('\r\n') + 10;
    changed[data] = (changed[data] ?? 0) ^ 0xff;
    return changed;
  };
  await refuses({ payload: 'chunked-signed', tamper: { wire } }, [403, 'SignatureDoesNotMatch']);
  await refuses({ payload: 'chunked-signed', tamper: { chunkSignature: (_index, text) => zeros(text) } }, [
    403,
    'SignatureDoesNotMatch',
  ]);
  const trailing = { payload: 'chunked-signed-trailer', checksum: 'CRC32' } as const;
  await refuses({ ...trailing, tamper: { trailerSignature: zeros } }, [403, 'SignatureDoesNotMatch']);
  await refuses({ payload: 'chunked-unsigned-trailer', checksum: 'CRC32', tamper: { wire } }, [400, 'BadDigest']);
});

test('a wrong checksum, in a header or in the trailer, and a wrong MD5', async () => {
  const tamper = { checksum: 'AAAAAA==' };
  await refuses({ checksum: 'CRC32C', tamper }, [400, 'BadDigest']);
  await refuses({ checksum: 'CRC32C', payload: 'chunked-unsigned-trailer', tamper }, [400, 'BadDigest']);
  await refuses({ headers: { 'content-md5': Buffer.alloc(16).toString('base64') } }, [400, 'BadDigest']);
  await refuses({ headers: { 'content-md5': 'short' } }, [400, 'InvalidDigest']);
  await refuses({ headers: { 'content-md5': '' } }, [400, 'InvalidDigest']);
});

test('a truncated body', async () => {
  for (const payload of ['signed', 'unsigned', 'chunked-signed', 'chunked-unsigned-trailer'] as const) {
    await refuses({ payload, tamper: { truncateAt: 60 } }, [400, 'IncompleteBody']);
  }
});

test('more than the project’s quota is 413, and the body is not even invited', async (t) => {
  if (server === null) return t.skip('needs a project of a known quota');
  const project = ['--account', server.rootEmail, '--name', 'tiny-project'];
  await server.cli(['project', 'create', ...project, '--quota', '1GiB']);
  const tiny = rawS3({ ...s3, ...(await createKey(server, ['--project', 'tiny-project'])) });
  assert.equal((await tiny({ method: 'PUT', path: '/tiny-bucket-of-quota' })).status, 200);
  const before = await usage();
  const chunks = (async function* (): AsyncGenerator<Uint8Array> {})();
  const sizeBytes = 1024 ** 3 + 1;
  const put = { method: 'PUT', payload: 'unsigned', stream: { sizeBytes, chunks }, expectContinue: true } as const;
  const reply = await tiny({ ...put, path: '/tiny-bucket-of-quota/new' });
  assert.deepEqual([reply.status, reply.code, reply.continued], [413, 'QuotaExceeded', false]);
  assert.deepEqual(await usage(), before);
});
