import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { once } from 'node:events';
import { test } from 'node:test';
import { type AuditFixture, openAuditFixture } from '../../../test/support/audit-fixture.ts';
import { startReceiver } from '../../../test/support/event-receiver.ts';
import { sign } from '../../events/webhook.ts';
import { makeEntry, seeded } from '../../../test/support/audit-records.ts';
import { issueAuthority, issueServerCertificate } from '../../process/tls/certificate-authority.ts';
import type { AuditRecord } from '../entry.ts';
import { parseLine } from '../lines.ts';
import { Pusher } from './push.ts';
import type { PushTarget } from './push-target.ts';
import { webhookPush } from './webhook.ts';
import { syslogMessage, syslogPush } from './syslog.ts';

const shape = { accounts: 2, usersPerAccount: 3, bucketsPerAccount: 2, foldersPerBucket: 3 };
const random = seeded(1);
const entries = (count: number) => Array.from({ length: count }, () => makeEntry(random, Date.now(), shape));

type Memory = PushTarget & { readonly told: AuditRecord[]; works: boolean };

function memoryTarget(batchSize = 50): Memory {
  const target: Memory = {
    name: 'memory',
    batchSize,
    told: [],
    works: true,
    deliver: async (lines) => {
      if (!target.works) throw new Error('out of order');
      target.told.push(...lines.map(parseLine));
    },
  };
  return target;
}

async function drain(pusher: Pusher): Promise<void> {
  while ((await pusher.step()) > 0);
}

/** Every record once, those of each chain in their order. */
function assertWhole(told: readonly AuditRecord[], count: number): void {
  assert.equal(told.length, count);
  for (const [chain, records] of Map.groupBy(told, (record) => record.chain)) {
    const seqs = records.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => (seqs[0] ?? 0) + index),
      chain,
    );
  }
}

test('a target is told everything from its first moment on, once and in order, also when it moves into blocks', async () => {
  await using fixture = await openAuditFixture();
  await fixture.write(entries(30));
  const target = memoryTarget();
  const pusher = new Pusher(fixture.deps, target);
  await drain(pusher);
  assert.equal(target.told.length, 0, 'what was before is not told');
  await fixture.write(entries(700));
  for (let step = 0; step < 5; step++) await pusher.step();
  assert.equal(target.told.length, 250);
  await fixture.writeAndGather(entries(1_500));
  await fixture.write(entries(100));
  await drain(pusher);
  assertWhole(target.told, 2_300);
});

test('nothing is lost while a target is down, and a process that starts anew goes on where the last one was', async () => {
  await using fixture = await openAuditFixture();
  const target = memoryTarget();
  const pusher = new Pusher(fixture.deps, target);
  await drain(pusher);
  await fixture.write(entries(120));
  await pusher.step();
  target.works = false;
  assert.equal(await pusher.step(), 0);
  assert.equal(pusher.error, 'out of order');
  await fixture.writeAndGather(entries(1_200));
  const next = new Pusher(fixture.deps, target);
  await next.step();
  target.works = true;
  assert.equal(await next.step(), 0, 'it is left alone for a while');
  fixture.pass(1_100);
  await drain(next);
  assert.equal(next.error, null);
  assertWhole(target.told, 1_320);
});

test('a webhook gets a batch of records as one signed request', async () => {
  await using fixture = await openAuditFixture();
  const lines = await someLines(fixture);
  await using receiving = await startReceiver();
  const options = { url: new URL(receiving.url), secret: 'a secret of 16 letters', ca: null };
  const target = webhookPush({ clock: () => 1_700_000_000_000 }, 'siem', options);
  await target.deliver(lines);
  const [request] = receiving.accepted();
  assert.equal(request?.body, `{"records":[${lines.join(',')}]}`);
  assert.equal(request?.headers['x-vstorage-signature'], sign(options.secret, 1_700_000_000_000, request?.body ?? ''));
  receiving.answer(500);
  await assert.rejects(target.deliver(lines), /answered 500/);
});

test('a syslog message is RFC 5424 with the record as its text', () => {
  const line = JSON.stringify({
    chain: 'c'.repeat(16),
    seq: 1,
    prev: '',
    time: '2026-01-31T08:00:00.000Z',
    operation: 'CreateS3Key',
    outcome: 'denied',
  });
  assert.equal(
    syslogMessage(line, 'host.example'),
    `<108>1 2026-01-31T08:00:00.000Z host.example vstorage cccccccccccccccc CreateS3Key - ${line}`,
  );
});

/** Octet counting: `LENGTH MESSAGE`. */
function parseFrames(bytes: Buffer): string[] {
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('latin1', at, space));
    messages.push(bytes.toString('utf8', space + 1, space + 1 + length));
    at = space + 1 + length;
  }
  return messages;
}

async function receiver(make: (onSocket: (socket: Socket) => void) => Server): Promise<{
  readonly port: number;
  readonly messages: string[];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}> {
  const messages: string[] = [];
  const server = make((socket) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => messages.push(...parseFrames(Buffer.concat(chunks))));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    port: address.port,
    messages,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

async function someLines(fixture: AuditFixture): Promise<string[]> {
  await fixture.write(entries(3));
  return fixture.lines();
}

test('records go over TCP, each behind its length, and a receiver that refuses is noticed', async () => {
  await using fixture = await openAuditFixture();
  const lines = await someLines(fixture);
  await using tcp = await receiver((onSocket) => createServer(onSocket));
  const options = { protocol: 'tcp', host: '127.0.0.1', port: tcp.port, ca: null, hostName: 'h' } as const;
  await syslogPush('siem', options).deliver(lines);
  assert.deepEqual(
    tcp.messages,
    lines.map((line) => syslogMessage(line, 'h')),
  );
  await assert.rejects(syslogPush('siem', { ...options, port: 1 }).deliver(lines), /ECONNREFUSED/);
});

test('records go over TLS to a receiver whose authority is known, and to no other', async () => {
  await using fixture = await openAuditFixture();
  const lines = await someLines(fixture);
  const authority = await issueAuthority(Date.now);
  const { certPem: cert, keyPem: key } = await issueServerCertificate(authority, ['localhost'], Date.now);
  await using tls = await receiver((onSocket) => createTlsServer({ cert, key }, onSocket));
  const options = { protocol: 'tls', host: 'localhost', port: tls.port, ca: authority.certPem, hostName: 'h' } as const;
  await syslogPush('siem', options).deliver(lines);
  assert.equal(tls.messages.length, 3);
  await assert.rejects(syslogPush('siem', { ...options, ca: null }).deliver(lines), /certificate/);
});

test('records go over UDP, a datagram each', async () => {
  await using fixture = await openAuditFixture();
  const lines = await someLines(fixture);
  const socket = createSocket('udp4');
  const messages: string[] = [];
  const all = new Promise<void>((resolve) => {
    socket.on('message', (bytes) => {
      if (messages.push(bytes.toString('utf8')) === 3) resolve();
    });
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await syslogPush('siem', { protocol: 'udp', host: '127.0.0.1', port, ca: null, hostName: 'h' }).deliver(lines);
  await all;
  socket.close();
  assert.deepEqual(messages.toSorted(), lines.map((line) => syslogMessage(line, 'h')).toSorted());
});
