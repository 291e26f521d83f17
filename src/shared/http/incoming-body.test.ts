import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openIncoming } from './incoming-body.ts';

type Outcome = { readonly bytes: number; readonly error: unknown };

/** A server that reads one body and says how that went. */
async function listen(idleMs: number, pauseMs = 0) {
  const outcome = Promise.withResolvers<Outcome>();
  const handler = (incoming: IncomingMessage, response: ServerResponse) => {
    const body = openIncoming(incoming, response, idleMs);
    const read = async () => {
      for await (const chunk of body.chunks) if (chunk.length > 0 && pauseMs > 0) await wait(pauseMs);
    };
    read().then(
      () => outcome.resolve({ bytes: body.bytesRead(), error: null }),
      (error: unknown) => outcome.resolve({ bytes: body.bytesRead(), error }),
    );
    void outcome.promise.then(() => response.end());
  };
  const server = createServer(handler).on('checkContinue', handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { port, outcome: outcome.promise, [Symbol.dispose]: stop };
}

const HEAD = 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n';

test('a body arrives whole, however it is cut', async () => {
  using server = await listen(1000);
  const sent = request({ port: server.port, method: 'PUT', headers: { 'content-length': 300_000 } }).on(
    'error',
    () => {},
  );
  for (let i = 0; i < 3; i++) {
    sent.write(Buffer.alloc(100_000));
    await wait(5);
  }
  sent.end();
  assert.deepEqual(await server.outcome, { bytes: 300_000, error: null });
});

test('silence longer than allowed is RequestTimeout', async () => {
  using server = await listen(60);
  const socket = connect(server.port, '127.0.0.1').on('error', () => {});
  socket.write(`${HEAD}\r\n12345`);
  const { bytes, error } = await server.outcome;
  assert.equal(bytes, 5);
  assert.deepEqual(error instanceof Error && 'code' in error && error.code, 'RequestTimeout');
  socket.destroy();
});

test('a slow reader of ours is not the client’s silence', async () => {
  using server = await listen(60, 150);
  const sent = request({ port: server.port, method: 'PUT', headers: { 'content-length': 200_000 } }).on(
    'error',
    () => {},
  );
  sent.end(Buffer.alloc(200_000));
  assert.deepEqual(await server.outcome, { bytes: 200_000, error: null });
});

test('a client that vanishes, or ends its side early, is IncompleteBody', async () => {
  for (const leave of ['destroy', 'end'] as const) {
    using server = await listen(5000);
    const socket = connect(server.port, '127.0.0.1').on('error', () => {});
    socket.write(`${HEAD}\r\n12345`);
    await wait(30);
    socket[leave]();
    const { error } = await server.outcome;
    assert.deepEqual(error instanceof Error && 'code' in error && error.code, 'IncompleteBody', leave);
    socket.destroy();
  }
});

test('100 Continue is sent when the body is read, not before', async () => {
  using server = await listen(1000);
  const sent = request({
    port: server.port,
    method: 'PUT',
    headers: { expect: '100-continue', 'content-length': 3 },
  }).on('error', () => {});
  sent.flushHeaders();
  await once(sent, 'continue');
  sent.end('abc');
  assert.deepEqual(await server.outcome, { bytes: 3, error: null });
});

/** What a server takes at once of a body, some time after its head; then the connection serves another request. */
async function takenOf(sent: string, waitMs: number, rest?: string): Promise<(string | null)[]> {
  const taken: (string | null)[] = [];
  const handler = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = openIncoming(incoming, response, 1000);
    await wait(waitMs);
    const bytes = body.take(Number(incoming.headers['content-length']));
    taken.push(bytes === null ? null : Buffer.from(bytes).toString());
    if (bytes !== null) assert.equal(body.bytesRead(), bytes.length);
    response.end();
  };
  const answer = (incoming: IncomingMessage, response: ServerResponse) => {
    void handler(incoming, response);
  };
  const server = createServer(answer).on('checkContinue', answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
  socket.write(sent);
  if (rest !== undefined) setTimeout(() => socket.write(rest), 10);
  let answers = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answers += text));
  const expected = sent.split('HTTP/1.1').length - 1;
  for (let i = 0; i < 100 && answers.split('HTTP/1.1 200').length <= expected; i++) await wait(10);
  socket.destroy();
  server.close();
  return taken;
}

test('a body that has come whole is taken at once, and the connection goes on', async () => {
  assert.deepEqual(await takenOf(`${HEAD}\r\n0123456789${HEAD}\r\nabcdefghij`, 5), ['0123456789', 'abcdefghij']);
});

test('a body that came in several pieces is taken whole', async () => {
  assert.deepEqual(await takenOf(`${HEAD}\r\n01234`, 60, '56789'), ['0123456789']);
});

test('of a body that has not come whole, or was not invited, nothing is taken', async () => {
  assert.deepEqual(await takenOf(`${HEAD}\r\n01234`, 30), [null]);
  assert.deepEqual(await takenOf(`${HEAD}Expect: 100-continue\r\n\r\n0123456789`, 30), [null]);
});
