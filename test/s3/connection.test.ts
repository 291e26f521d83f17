// What happens on the wire around a request: 100 Continue, refused bodies, slow and vanishing clients.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { connect } from 'node:tls';
import { after, before, test } from 'node:test';
import { openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { raw } = s3;
const bucket = await s3.bucket();
const large = randomBytes(24 * 1024 * 1024);

before(async () => {
  assert.equal((await raw({ method: 'PUT', path: `/${bucket}/large`, body: large })).status, 200);
});

test('a body is invited only after the request was allowed', async () => {
  const allowed = await raw({ method: 'PUT', path: `/${bucket}/invited`, body: 'x', expectContinue: true });
  assert.deepEqual([allowed.status, allowed.continued], [200, true]);
  const refusals = [
    { path: '/no-such-bucket-here/key', code: 'NoSuchBucket' },
    { path: `/${bucket}/key`, auth: 'anonymous' as const, code: 'AccessDenied' },
    { path: `/${bucket}/key`, tamper: { signature: () => '0'.repeat(64) }, code: 'SignatureDoesNotMatch' },
    { path: `/${bucket}/large`, headers: { 'if-none-match': '*' }, code: 'PreconditionFailed' },
  ];
  for (const { code, ...what } of refusals) {
    const reply = await raw({ method: 'PUT', body: large, expectContinue: true, ...what });
    assert.deepEqual([reply.code, reply.continued, reply.headers.connection], [code, false, 'close']);
  }
});

test('a large body that was refused still leaves the client its answer', async () => {
  const reply = await raw({ method: 'PUT', path: '/no-such-bucket-here/key', body: large });
  assert.deepEqual([reply.status, reply.code], [404, 'NoSuchBucket']);
});

test('who asked to be invited and sends a refused body all the same still reads the refusal', async () => {
  const { hostname, port } = new URL(s3.url);
  const head = [
    `PUT /${bucket}/anonymous HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Content-Length: ${large.length}`,
    'Expect: 100-continue',
  ];
  for (let round = 0; round < 5; round++) {
    const socket = connect({ host: hostname, port: Number(port), ca: s3.ca, servername: hostname });
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', (error) => assert.fail(`${String(error)} after ${answer.length} characters of the answer`));
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    socket.write(large.subarray(0, 8 * 1024 * 1024));
    await once(socket, 'end');
    assert.match(answer, /^HTTP\/1\.1 403 [^]*<Code>AccessDenied<[^]*<\/Error>/);
    socket.destroy();
  }
});

test('a connection survives small refused bodies', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: s3.ca });
  const ports = new Set<number | undefined>();
  for (let i = 0; i < 3; i++) {
    const sent = request(`${s3.url}/${bucket}/anonymous`, { method: 'PUT', agent });
    sent.end('a refused body');
    const [response] = await once(sent, 'response');
    assert.equal(response.statusCode, 403);
    ports.add(sent.socket?.localPort);
    for await (const chunk of response) assert.ok(chunk);
  }
  assert.equal(ports.size, 1);
  agent.destroy();
});

test('clients that vanish in the middle of a download or an upload do no harm', async () => {
  for (let i = 0; i < 5; i++) {
    const gone = new AbortController();
    const download = raw({ path: `/${bucket}/large`, receive: () => gone.abort() });
    const upload = raw({ method: 'PUT', path: `/${bucket}/torn`, body: large, tamper: { truncateAt: 3_000_000 } });
    await Promise.all([download, upload]);
  }
  assert.equal((await raw({ method: 'HEAD', path: `/${bucket}/torn` })).status, 404);
  assert.ok((await raw({ path: `/${bucket}/large` })).body.equals(large));
});

test('many downloads at once, some of them abandoned, all deliver the right bytes', async () => {
  const whole = Array.from({ length: 6 }, () => raw({ path: `/${bucket}/large` }));
  const abandoned = Array.from({ length: 6 }, async () => {
    const sent = request(`${s3.url}/${bucket}/large`, { ca: s3.ca, agent: false });
    sent.on('error', () => {});
    sent.end();
    await once(sent, 'response');
    sent.destroy();
  });
  await Promise.all(abandoned);
  for (const reply of await Promise.all(whole)) assert.ok(reply.body.equals(large));
});

test('bytes that follow a request and are no other do not cost it its answer', async () => {
  const headers = { 'content-length': '2' };
  const reply = await raw({ method: 'PUT', path: `/${bucket}/followed`, headers, payload: 'unsigned', body: 'bar' });
  assert.deepEqual([reply.status, reply.headers.connection], [200, 'close']);
  assert.equal((await raw({ path: `/${bucket}/followed` })).text, 'ba');
});
