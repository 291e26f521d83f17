import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestServer } from '../support/start-server.ts';
import { startServer } from '../support/start-server.ts';
import { get, sendPlain } from './exchange.ts';

let server: TestServer;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

test('plain HTTP on the S3 port is answered 400 in S3 XML that says what to do', async () => {
  const answer = await sendPlain(server.s3Url, 'GET /bucket/key HTTP/1.1\r\nHost: localhost\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
  assert.match(answer, /content-type: application\/xml/i);
  assert.match(answer, /<Code>InvalidRequest<\/Code><Message>This port speaks HTTPS only[^<]*https:\/\//);
  assert.match(answer, /<RequestId>[0-9A-F]{16}<\/RequestId>/);
});

test('a plain HTTP upload is refused the same way, however much it sends', async () => {
  const body = Buffer.alloc(4 * 1024 * 1024, 'x');
  const head = Buffer.from(`PUT /bucket/key HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`);
  const answer = await sendPlain(server.s3Url, Buffer.concat([head, body]));
  assert.match(answer, /^HTTP\/1\.1 400 /);
});

test('plain HTTP on the console port is answered with a problem document', async () => {
  const answer = await sendPlain(server.consoleUrl, 'GET /api/v1/regions HTTP/1.1\r\nHost: localhost\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
  assert.match(answer, /content-type: application\/problem\+json/i);
  assert.match(answer, /"code":"https-required"/);
});

test('a browser gets a page with the right link, and no markup of its own making', async () => {
  const host = new URL(server.consoleUrl).host;
  const page = await sendPlain(server.consoleUrl, `GET / HTTP/1.1\r\nHost: ${host}\r\nAccept: text/html\r\n\r\n`);
  assert.ok(page.includes(`<a href="https://${host}/">`));
  const hostile = await sendPlain(server.consoleUrl, 'GET / HTTP/1.1\r\nHost: "><script>\r\nAccept: text/html\r\n\r\n');
  assert.ok(!hostile.includes('<script>'));
});

test('what is no HTTP and no TLS does no harm', async () => {
  await sendPlain(server.s3Url, Buffer.from([0, 1, 2, 3, 4]));
  await sendPlain(server.s3Url, Buffer.concat([Buffer.from([0x16, 3, 1]), Buffer.alloc(100, 0xff)])).catch(() => '');
  assert.equal((await get(`${server.s3Url}/health/live`, server.caFile)).status, 200);
});

test('headers beyond the limit are refused in the form of the listener', async () => {
  const headers = { 'x-padding': 'a'.repeat(40_000) };
  const s3 = await get(`${server.s3Url}/`, server.caFile, { headers });
  assert.equal(s3.status, 400);
  assert.match(s3.body, /<Code>RequestHeaderSectionTooLarge<\/Code>/);
  const console = await get(`${server.consoleUrl}/`, server.caFile, { headers });
  assert.equal(console.status, 400);
  assert.equal(console.headers['content-type'], 'application/problem+json');
});
