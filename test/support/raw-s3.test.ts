// The raw client and the server's authentication, over a real connection.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { authenticate } from '../../src/s3/auth/authenticate.ts';
import { openBody } from '../../src/s3/body/open-body.ts';
import { readHeaders, splitTarget } from '../../src/s3/request.ts';
import { S3Error } from '../../src/shared/errors.ts';
import { rawS3, type RawRequest, type RawS3 } from './raw-s3.ts';
import { oneKey } from './signing-keys.ts';
import { makeRequest } from './signing-requests.ts';

const credentials = { accessKey: 'a'.repeat(32), secretKey: 's'.repeat(40), region: 'HAN02' };
const deps = {
  ...oneKey(credentials.accessKey, credentials.secretKey),
  clock: Date.now,
  region: { name: 'HAN02' },
  strictRegion: true,
  signatureVersion2: false,
};

/** Answers with the body it got, or with the error as XML. */
async function echo(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { rawPath, rawQuery } = splitTarget(incoming.url ?? '/');
    const headers = readHeaders(incoming.rawHeaders);
    const request = makeRequest(
      { method: incoming.method ?? '', target: `${rawPath}?${rawQuery}`, headers: Object.fromEntries(headers) },
      { secure: false },
    );
    const { bodyProof } = await authenticate(deps, request);
    if (incoming.headers.expect !== undefined) response.writeContinue();
    const body = await openBody(bodyProof, request, incoming.iterator({ destroyOnReturn: false })).bytes(10_000_000);
    response.end(body);
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    const fields = Object.entries(error.fields).map(
      ([name, value]) => `<${name}>${value.replaceAll('&', '&amp;')}</${name}>`,
    );
    response.writeHead(error.status, { 'content-type': 'application/xml', connection: 'close' });
    response.end(`<Error><Code>${error.code}</Code><Message>${error.message}</Message>${fields.join('')}</Error>`);
  }
}

async function startEcho(): Promise<{ s3: RawS3 } & AsyncDisposable> {
  const server: Server = createServer();
  for (const event of ['request', 'checkContinue'] as const) {
    server.on(event, (incoming: IncomingMessage, response: ServerResponse) => {
      echo(incoming, response).catch(() => response.destroy());
    });
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    s3: rawS3({ ...credentials, url: `http://127.0.0.1:${port}` }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const bytes = Buffer.from(Array.from({ length: 150_000 }, (_, index) => (index * 31) % 251));

test('every way of signing carries a body to the server and back', async () => {
  await using server = await startEcho();
  const ways: readonly Omit<RawRequest, 'path'>[] = [
    {},
    { payload: 'unsigned' },
    { payload: 'chunked-signed' },
    { payload: 'chunked-signed-trailer', checksum: 'CRC64NVME' },
    { payload: 'chunked-unsigned-trailer', checksum: 'SHA256' },
    { checksum: 'CRC32C' },
    { auth: 'presigned' },
    { auth: 'presigned', payload: 'chunked-signed' },
    { auth: 'presigned', payload: 'chunked-unsigned-trailer', checksum: 'SHA1' },
    { auth: 'presigned', query: { acl: '', prefix: 'a b+c' } },
    { auth: 'anonymous', payload: 'unsigned' },
    { expectContinue: true },
    { host: 'bucket.s3.localhost' },
  ];
  for (const way of ways) {
    const reply = await server.s3({ method: 'PUT', path: '/b/a%20key//..', body: bytes, ...way });
    assert.equal(reply.status, 200, `${JSON.stringify(way)} ${reply.text.slice(0, 500)}`);
    assert.deepEqual(reply.body, bytes);
    assert.equal(reply.continued, way.expectContinue ?? false);
  }
});

test('a body that is streamed is never in memory at once', async () => {
  await using server = await startEcho();
  const chunks = (async function* () {
    for (let index = 0; index < 50; index++) yield Buffer.alloc(65_536, index);
  })();
  let received = 0;
  const receive = (chunk: Buffer): void => {
    received += chunk.length;
  };
  const stream = { sizeBytes: 50 * 65_536, chunks };
  const reply = await server.s3({ method: 'PUT', path: '/b/k', payload: 'unsigned', stream, receive });
  assert.equal(reply.status, 200);
  assert.equal(received, 50 * 65_536);
});

test('header values beyond ASCII are signed by their bytes, in latin-1 or as UTF-8', async () => {
  await using server = await startEcho();
  const utf8 = Buffer.from('tên tiếng Việt', 'utf8').toString('latin1');
  for (const value of ['café', utf8]) {
    assert.equal((await server.s3({ path: '/b/k', headers: { 'x-amz-meta-name': value } })).status, 200);
  }
});

test('an error is taken apart', async () => {
  await using server = await startEcho();
  const reply = await server.s3({ path: '/b', query: 'a=1&b=2', tamper: { signature: () => 'x' } });
  assert.equal(reply.status, 403);
  assert.equal(reply.code, 'SignatureDoesNotMatch');
  assert.equal(reply.field('AWSAccessKeyId'), credentials.accessKey);
  assert.match(reply.field('CanonicalRequest') ?? '', /^GET\n\/b\na=1&b=2\n/);
  assert.equal(reply.field('NoSuchElement'), null);
});

test('a refused request is not invited to send its body', async () => {
  await using server = await startEcho();
  const reply = await server.s3({
    method: 'PUT',
    path: '/b',
    body: bytes,
    expectContinue: true,
    credentials: { secretKey: 'x' },
  });
  assert.equal(reply.code, 'SignatureDoesNotMatch');
  assert.equal(reply.continued, false);
});

test('a body cut off ends without success', async () => {
  await using server = await startEcho();
  const reply = await server.s3({ method: 'PUT', path: '/b', body: bytes, tamper: { truncateAt: 70_000 } });
  assert.notEqual(reply.status, 200);
});
