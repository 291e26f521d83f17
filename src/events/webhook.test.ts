import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { OutboxRecord } from '../metadata/tables/events.ts';
import { issueAuthority, issueServerCertificate } from '../process/tls/certificate-authority.ts';
import { openFixture } from '../../test/support/storage-fixture.ts';
import { sign, webhookTarget } from './webhook.ts';

const clock = () => Date.now();
const authority = await issueAuthority(clock);
const certificate = await issueServerCertificate(authority, ['localhost'], clock);

async function listen(handler: Parameters<typeof createServer>[1]): Promise<AsyncDisposable & { url: URL }> {
  const server: Server = createServer({ cert: certificate.certPem, key: certificate.keyPem }, handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`https://localhost:${port}/events?to=me`),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const record = (event: Record<string, unknown>) => ({ v: 1, id: 'id', event }) as unknown as OutboxRecord;

test('an event goes to the address over TLS, signed, and is settled only when it was taken', async () => {
  await using fixture = await openFixture();
  let status = 500;
  const bodies: string[] = [];
  await using server = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const [, seconds = ''] = /^t=(\d+),/.exec(String(request.headers['x-vstorage-signature'])) ?? [];
      assert.equal(request.headers['x-vstorage-signature'], sign('secret', Number(seconds) * 1000, body));
      assert.equal(request.url, '/events?to=me');
      bodies.push(body);
      response.writeHead(status).end();
    });
  });
  const target = webhookTarget(fixture.deps, { url: server.url, secret: 'secret', ca: authority.certPem });
  let settled = 0;
  const deliver = () => target.deliver([record({ eventName: 'x' })], () => void settled++);
  await assert.rejects(deliver(), /answered 500/);
  assert.equal(settled, 0);
  status = 204;
  await deliver();
  assert.equal(settled, 1);
  assert.deepEqual(bodies, ['{"Records":[{"eventName":"x"}]}', '{"Records":[{"eventName":"x"}]}']);
});

test('a target whose certificate nobody vouches for, or that keeps silent, gets nothing settled', async () => {
  await using fixture = await openFixture();
  await using server = await listen(() => {});
  const options = { url: server.url, secret: 'secret', timeoutMs: 300 };
  const refuse = () => assert.fail('nothing is settled');
  const stranger = webhookTarget(fixture.deps, { ...options, ca: null });
  await assert.rejects(stranger.deliver([record({})], refuse), /certificate/);
  const silent = webhookTarget(fixture.deps, { ...options, ca: authority.certPem });
  await assert.rejects(silent.deliver([record({})], refuse), /did not answer within 0.3 s/);
});
