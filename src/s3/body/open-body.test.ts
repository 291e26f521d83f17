import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildRequest, type Payload, type RawRequest } from '../../../test/support/raw-s3-request.ts';
import { oneKey } from '../../../test/support/signing-keys.ts';
import { makeRequest, refusal } from '../../../test/support/signing-requests.ts';
import { checksumNames, digestOf } from '../../shared/checksums.ts';
import { S3Error } from '../../shared/errors.ts';
import { authenticate } from '../auth/authenticate.ts';
import { openBody } from './open-body.ts';
import type { VerifiedBody } from './verified-body.ts';

const credentials = { accessKey: '0123456789abcdef0123456789abcdef', secretKey: 'S'.repeat(40), region: 'HAN02' };
const deps = {
  ...oneKey(credentials.accessKey, credentials.secretKey),
  clock: Date.now,
  region: { name: 'HAN02' },
  strictRegion: true,
  signatureVersion2: false,
};
const payloads: readonly Payload[] = [
  'signed',
  'unsigned',
  'chunked-signed',
  'chunked-signed-trailer',
  'chunked-unsigned-trailer',
];
const chunkedPayloads = payloads.slice(2);

/** What the edge makes of a request; the wire arrives in pieces that end at `cuts`. */
async function open(request: Omit<RawRequest, 'path'>, cuts: readonly number[] = []): Promise<VerifiedBody> {
  const wire = await buildRequest(
    { ...credentials, url: 'https://localhost' },
    { method: 'PUT', path: '/b/k', ...request },
  );
  const received = makeRequest(wire);
  const { bodyProof } = await authenticate(deps, received);
  const bytes = Buffer.concat(await Array.fromAsync(wire.body)).subarray(0, wire.truncateAt ?? undefined);
  return openBody(bodyProof, received, pieces(bytes, cuts));
}

async function* pieces(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  for (const [index, end] of edges.slice(1).entries()) yield bytes.subarray(edges[index], end);
}

const read = async (body: VerifiedBody): Promise<Uint8Array> => await body.bytes(10_000_000);

for (const payload of payloads) {
  test(`a ${payload} body comes out as it went in, however the network cuts it`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 40_000, size: 'max' }),
        fc.array(fc.nat(), { maxLength: 30, size: 'max' }),
        fc.constantFrom(undefined, ...checksumNames),
        async (bytes, cuts, checksum) => {
          const body = await open({ body: bytes, payload, chunkBytes: 8192, ...(checksum ? { checksum } : {}) }, cuts);
          assert.equal(body.announcedChecksum, checksum ?? null);
          assert.deepEqual(Buffer.from(await read(body)), Buffer.from(bytes));
          assert.equal(body.digests().md5Hex, digestOf('MD5', bytes).toString('hex'));
          if (checksum !== undefined) {
            const value = digestOf(checksum, bytes).toString('base64');
            assert.deepEqual(body.digests().checksum, { algorithm: checksum, type: 'FULL_OBJECT', value });
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test(`one changed byte of a ${payload} body with a checksum is refused or changes nothing`, async () => {
    const whole = Buffer.alloc(10_000, 7);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
        const wire = (bytes: Buffer): Buffer => {
          const changed = Buffer.from(bytes);
          changed[at % bytes.length] = (changed[at % bytes.length] ?? 0) ^ bits;
          return changed;
        };
        const body = await open({ body: whole, payload, chunkBytes: 8192, checksum: 'CRC32', tamper: { wire } });
        const outcome = await read(body).catch((error: unknown) => error);
        if (!(outcome instanceof S3Error)) assert.deepEqual(outcome, whole);
      }),
      { numRuns: 60 },
    );
  });

  test(`a ${payload} body cut off anywhere is refused`, async () => {
    const whole = { body: Buffer.alloc(9000, 1), payload, chunkBytes: 8192, checksum: 'SHA1' } as const;
    const wire = await buildRequest(
      { ...credentials, url: 'https://localhost' },
      { method: 'PUT', path: '/b/k', ...whole },
    );
    const sizeBytes = Buffer.concat(await Array.fromAsync(wire.body)).length;
    const ends = [0, 1, 50, 100, 8192, 8300, 8999, sizeBytes - 100, sizeBytes - 3, sizeBytes - 2, sizeBytes - 1];
    for (const truncateAt of ends.filter((end) => end < sizeBytes)) {
      const body = await open({ ...whole, tamper: { truncateAt } });
      assert.equal((await refusal(read(body))).code, 'IncompleteBody', `cut at ${truncateAt}`);
    }
  });
}

type Refusal = { code: string; status: number; message?: RegExp };
const incomplete = { code: 'IncompleteBody', status: 400 };
const invalid = { code: 'InvalidRequest', status: 400 };
const badDigest = { code: 'BadDigest', status: 400 };
const badTrailer = { code: 'MalformedTrailerError', status: 400 };
const mismatch = { code: 'SignatureDoesNotMatch', status: 403 };

function refuses(name: string, request: Omit<RawRequest, 'path'>, expected: Refusal): void {
  test(`refuses ${name} with ${expected.code}`, async () => {
    const { code, status, message } = await refusal(open({ body: 'hello', ...request }).then(read));
    assert.deepEqual({ code, status }, { code: expected.code, status: expected.status });
    if (expected.message) assert.match(message, expected.message);
  });
}

const edit = (from: string | RegExp, to: string) => (bytes: Buffer) =>
  Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');
const flip = (text: string): string => (text.startsWith('0') ? '1' : '0') + text.slice(1);
const header = (headers: Record<string, string>): Omit<RawRequest, 'path'> => ({ headers });
const chunked = (payload: Payload, tamper: RawRequest['tamper']): Omit<RawRequest, 'path'> => ({
  payload,
  checksum: 'CRC32',
  ...(tamper ? { tamper } : {}),
});

refuses(
  'a body that is not the signed one',
  { tamper: { wire: edit('hello', 'jello') } },
  { code: 'XAmzContentSHA256Mismatch', status: 400 },
);
refuses(
  'more bytes than Content-Length',
  { payload: 'unsigned', tamper: { wire: edit('hello', 'hello!') } },
  incomplete,
);
refuses(
  'fewer bytes than Content-Length',
  { payload: 'unsigned', tamper: { wire: edit('hello', 'hell') } },
  incomplete,
);

for (const value of [
  '',
  'abc',
  'XUFAKrxLKna5cZ2REBfFkg',
  'XUFAKrxLKna5cZ2REBfFkg==AAAA',
  '5d41402abc4b2a76b9719d911017c592',
]) {
  refuses(`the Content-MD5 "${value}"`, header({ 'content-md5': value }), { code: 'InvalidDigest', status: 400 });
}
refuses(
  'a Content-MD5 of something else',
  header({ 'content-md5': digestOf('MD5', Buffer.from('x')).toString('base64') }),
  badDigest,
);

for (const algorithm of checksumNames) {
  const name = `x-amz-checksum-${algorithm.toLowerCase()}`;
  const wrong = digestOf(algorithm, Buffer.from('x')).toString('base64');
  for (const value of ['', 'abc', `${wrong}AAAA`]) {
    refuses(`the ${name} "${value}"`, header({ [name]: value }), {
      ...invalid,
      message: new RegExp(`Value for ${name} header is invalid`),
    });
  }
  refuses(`a wrong ${name}`, header({ [name]: wrong }), {
    ...badDigest,
    message: new RegExp(`The ${algorithm} you specified did not match`),
  });
  refuses(
    `a wrong trailing ${name}`,
    { payload: 'chunked-unsigned-trailer', checksum: algorithm, tamper: { checksum: wrong } },
    badDigest,
  );
  refuses(
    `a trailing ${name} that is none`,
    { payload: 'chunked-signed-trailer', checksum: algorithm, tamper: { checksum: 'abc' } },
    { ...invalid, message: /trailing header is invalid/ },
  );
}
refuses(
  'two checksums',
  {
    checksum: 'CRC32',
    ...header({ 'x-amz-checksum-sha1': digestOf('SHA1', Buffer.from('hello')).toString('base64') }),
  },
  { ...invalid, message: /Expecting a single/ },
);
refuses(
  'a checksum in the header and one in the trailer',
  { payload: 'chunked-unsigned-trailer', checksum: 'CRC32', ...header({ 'x-amz-checksum-crc32': 'NhCmhg==' }) },
  { ...invalid, message: /Expecting a single/ },
);
refuses('a checksum nobody knows', header({ 'x-amz-checksum-crc16': 'AAA=' }), {
  ...invalid,
  message: /algorithm type you specified/,
});
refuses('an SDK algorithm nobody knows', header({ 'x-amz-sdk-checksum-algorithm': 'CRC16' }), {
  ...invalid,
  message: /x-amz-sdk-checksum-algorithm header is invalid/,
});
refuses('an SDK algorithm without its checksum', header({ 'x-amz-sdk-checksum-algorithm': 'CRC32' }), {
  ...invalid,
  message: /no corresponding/,
});
refuses(
  'an SDK algorithm other than the checksum',
  { checksum: 'CRC32', ...header({ 'x-amz-sdk-checksum-algorithm': 'SHA1' }) },
  invalid,
);
refuses('x-amz-trailer on a body that has none', header({ 'x-amz-trailer': 'x-amz-checksum-crc32' }), {
  ...invalid,
  message: /x-amz-trailer/,
});
refuses(
  'x-amz-trailer of something else',
  { payload: 'chunked-unsigned-trailer', ...header({ 'x-amz-trailer': 'x-amz-meta-a' }) },
  { ...invalid, message: /x-amz-trailer/ },
);

for (const length of ['', 'abc', '5x', '-5']) {
  refuses(
    `the decoded length "${length}"`,
    { payload: 'chunked-unsigned-trailer', ...header({ 'x-amz-decoded-content-length': length }) },
    { code: 'MissingContentLength', status: 411 },
  );
}
test('refuses chunks without a decoded length with MissingContentLength', async () => {
  const request = makeRequest({ method: 'PUT', target: '/b/k', headers: { 'content-length': '20' } });
  const proof = { kind: 'chunked', trailers: true, signer: null } as const;
  assert.equal((await refusal((async () => openBody(proof, request, pieces(Buffer.alloc(0), [])))())).status, 411);
});
for (const payload of chunkedPayloads) {
  refuses(
    `a ${payload} body longer than its decoded length`,
    { payload, ...header({ 'x-amz-decoded-content-length': '4' }) },
    incomplete,
  );
  refuses(
    `a ${payload} body shorter than its decoded length`,
    { payload, ...header({ 'x-amz-decoded-content-length': '6' }) },
    incomplete,
  );
  refuses(
    `a ${payload} body with a chunk below 8 KiB that is not the last`,
    { payload, body: 'x'.repeat(20_000), chunkBytes: 8191 },
    { code: 'InvalidChunkSizeError', status: 403 },
  );
}
refuses(
  'a wrong signature of the first chunk',
  { payload: 'chunked-signed', tamper: { chunkSignature: (index, text) => (index === 0 ? flip(text) : text) } },
  mismatch,
);
refuses(
  'a wrong signature of the last chunk',
  { payload: 'chunked-signed', tamper: { chunkSignature: (index, text) => (index === 1 ? flip(text) : text) } },
  mismatch,
);
refuses('a changed chunk', { payload: 'chunked-signed', tamper: { wire: edit('hello', 'jello') } }, mismatch);
refuses(
  'signed chunks in another order',
  {
    payload: 'chunked-signed',
    body: `${'a'.repeat(8192)}${'b'.repeat(8192)}`,
    chunkBytes: 8192,
    tamper: { wire: swapChunks },
  },
  mismatch,
);
refuses(
  'a chunk without its signature',
  { payload: 'chunked-signed', tamper: { wire: edit(/;chunk-signature=[0-9a-f]{64}/, '') } },
  incomplete,
);
refuses('a wrong trailer signature', chunked('chunked-signed-trailer', { trailerSignature: flip }), mismatch);
refuses(
  'a changed signed trailer',
  chunked('chunked-signed-trailer', { wire: edit(/crc32:..../, 'crc32:AAAA') }),
  mismatch,
);
refuses(
  'a signed trailer without its signature',
  chunked('chunked-signed-trailer', { wire: edit(/x-amz-trailer-signature:.*\r\n/, '') }),
  incomplete,
);
refuses(
  'a trailer that was not announced',
  { payload: 'chunked-unsigned-trailer', tamper: { wire: edit(/\r\n$/, 'x-amz-checksum-crc32:NhCmhg==\r\n\r\n') } },
  badTrailer,
);
refuses(
  'another trailer than was announced',
  chunked('chunked-unsigned-trailer', { wire: edit(/crc32:.*\r\n/, 'sha1:qvTGHdzF6KLavt4PO0gs2a6pQ00=\r\n') }),
  badTrailer,
);
refuses(
  'an announced trailer that does not come',
  chunked('chunked-unsigned-trailer', { wire: edit(/x-amz-checksum-crc32:.*\r\n/, '') }),
  badTrailer,
);
refuses(
  'a trailer sent twice',
  chunked('chunked-unsigned-trailer', { wire: edit(/(x-amz-checksum-crc32:.*\r\n)/, '$1$1') }),
  badTrailer,
);
refuses(
  'a trailer without a name',
  chunked('chunked-unsigned-trailer', { wire: edit('x-amz-checksum-crc32:', ':') }),
  badTrailer,
);
refuses(
  'trailers where none are',
  { payload: 'chunked-signed', tamper: { wire: edit(/\r\n$/, 'a:b\r\n\r\n') } },
  badTrailer,
);
refuses(
  'trailers without end',
  chunked('chunked-unsigned-trailer', { wire: edit('x-amz-checksum', 'x'.repeat(5000)) }),
  badTrailer,
);
refuses(
  'a chunk header without end',
  chunked('chunked-unsigned-trailer', { wire: edit(/^/, '0'.repeat(5000)) }),
  incomplete,
);
refuses('a size that is no number', chunked('chunked-unsigned-trailer', { wire: edit(/^5/, 'z') }), incomplete);
refuses(
  'a size beyond all numbers',
  chunked('chunked-unsigned-trailer', { wire: edit(/^5/, 'f'.repeat(14)) }),
  incomplete,
);
refuses(
  'a chunk longer than its header says',
  chunked('chunked-unsigned-trailer', { wire: edit('hello', 'hello!') }),
  incomplete,
);
refuses(
  'a chunk header that ends in a line feed only',
  chunked('chunked-unsigned-trailer', { wire: edit(/^5\r/, '5') }),
  incomplete,
);

function swapChunks(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const chunk = /^(2000;.{80}\r\na{8192}\r\n)(2000;.{80}\r\nb{8192}\r\n)/s.exec(text);
  return Buffer.from(`${chunk?.[2]}${chunk?.[1]}${text.slice((chunk?.[0] ?? '').length)}`, 'latin1');
}

const plain = (headers: Record<string, string>, method = 'PUT', target = '/b/k'): VerifiedBody =>
  openBody({ kind: 'unsigned' }, makeRequest({ method, target, headers }), pieces(Buffer.from('hello'), []));

test('a body without Content-Length has no known size', async () => {
  const body = plain({});
  assert.equal(body.sizeBytes, null);
  assert.deepEqual(Buffer.from(await read(body)), Buffer.from('hello'));
});

test('a checksum that the storage requires is computed besides', async () => {
  const body = plain({ 'content-length': '5' });
  body.require('CRC64NVME');
  await read(body);
  assert.deepEqual(body.digests().checksum, { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', value: 'M3eFcAZSQlc=' });
});

test('the checksum of a multipart completion is not that of the XML sent', async () => {
  const headers = { 'content-length': '5', 'x-amz-checksum-sha256': 'abc-3', 'x-amz-checksum-type': 'COMPOSITE' };
  const body = plain(headers, 'POST', '/b/k?uploadId=x');
  assert.equal(body.announcedChecksum, null);
  await read(body);
});

test('the checksum in the query of a presigned URL is ignored, as S3 does', async () => {
  const body = plain({ 'content-length': '5' }, 'PUT', '/b/k?x-amz-checksum-crc32=AAAAAA%3D%3D');
  assert.equal(body.announcedChecksum, null);
  await read(body);
});

test('bytes() stops at its limit, announced or not', async () => {
  const tooLong = { code: 'MaxMessageLengthExceeded', status: 400 };
  for (const headers of [{ 'content-length': '5' }, {}] as Record<string, string>[]) {
    const { code, status } = await refusal(plain(headers).bytes(4));
    assert.deepEqual({ code, status }, tooLong);
  }
});

test('a body is read once, and has digests only then', async () => {
  const body = plain({ 'content-length': '5' });
  assert.throws(() => body.digests(), /only after/);
  await read(body);
  await assert.rejects(read(body), /only once/);
  assert.throws(() => body.require('SHA1'), /before the body is read/);
});

test("MinIO's way of ending a signed body is understood", async () => {
  const wire = edit(/(x-amz-checksum-crc32:.*)\r\n(x-amz-trailer)/, '$1\n\r\n$2');
  const body = await open({ body: 'hello', payload: 'chunked-signed-trailer', checksum: 'CRC32', tamper: { wire } });
  assert.deepEqual(Buffer.from(await read(body)), Buffer.from('hello'));
});

test('a body that does not stop is given up at its announced length', async () => {
  let sent = 0;
  const endless = (async function* () {
    for (;;) {
      sent += 1000;
      yield Buffer.alloc(1000);
    }
  })();
  const request = makeRequest({ method: 'PUT', target: '/b/k', headers: { 'content-length': '5000' } });
  const body = openBody({ kind: 'unsigned' }, request, endless);
  assert.equal((await refusal(read(body))).code, 'IncompleteBody');
  assert.equal(sent, 6000);
});

const atOnce = (headers: Record<string, string>, bytes: Buffer): VerifiedBody =>
  openBody(
    { kind: 'unsigned' },
    makeRequest({ method: 'PUT', target: '/b/k', headers: { 'content-length': '5', ...headers } }),
    pieces(bytes, []),
    () => bytes,
  );

test('a body that is there already is read at once, with the same digests', async () => {
  const body = atOnce({}, Buffer.from('hello'));
  body.require('CRC64NVME');
  assert.deepEqual(body.whole?.(), Buffer.from('hello'));
  const streamed = plain({ 'content-length': '5' });
  streamed.require('CRC64NVME');
  await read(streamed);
  assert.deepEqual(body.digests(), streamed.digests());
  await assert.rejects(read(body), /only once/);
});

test('a body that is there already is held to what was promised', async () => {
  const wrong = digestOf('MD5', Buffer.from('other')).toString('base64');
  const { code } = await refusal((async () => atOnce({ 'content-md5': wrong }, Buffer.from('hello')).whole?.())());
  assert.equal(code, 'BadDigest');
});

test('a body in signed chunks, or of unknown length, is never read at once', async () => {
  const inChunks = await open({ body: 'hello', payload: 'chunked-signed' });
  assert.equal(inChunks.whole?.(), null);
  assert.equal(plain({}).whole?.(), null);
});
