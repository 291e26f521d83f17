import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { createConnectionReader, readConnection } from './connection.ts';

function from(remoteAddress: string, headers: Record<string, string> = {}): IncomingMessage {
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

const forged = { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' };

test('without a proxy nothing that a client writes is believed', () => {
  const reader = createConnectionReader(null);
  assert.deepEqual(readConnection(reader, from('::ffff:9.9.9.9', forged)), { clientAddress: '9.9.9.9', secure: true });
});

test('behind a proxy only trusted addresses are believed', () => {
  const reader = createConnectionReader({ trustedProxies: ['10.0.0.0/8', 'fd00::1'] });
  assert.deepEqual(readConnection(reader, from('10.1.2.3', forged)), { clientAddress: '1.2.3.4', secure: true });
  assert.deepEqual(readConnection(reader, from('fd00::1', forged)), { clientAddress: '1.2.3.4', secure: true });
  assert.deepEqual(readConnection(reader, from('9.9.9.9', forged)), { clientAddress: '9.9.9.9', secure: false });
});

test('of several hops the last that is no trusted proxy is the client', () => {
  const reader = createConnectionReader({ trustedProxies: ['10.0.0.0/8'] });
  const chain = { 'x-forwarded-for': '6.6.6.6, 1.2.3.4, 10.0.0.7', 'x-forwarded-proto': 'http' };
  assert.deepEqual(readConnection(reader, from('10.0.0.1', chain)), { clientAddress: '1.2.3.4', secure: false });
});
