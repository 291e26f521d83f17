import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connections } from '../../src/console-api/contract.ts';
import { fillSecret } from './fill-secret.ts';

const connections: Connections = {
  endpoint: 'https://localhost:9000',
  host: 'localhost',
  port: 9000,
  region: 'HAN02',
  domain: null,
  pathStyle: true,
  ca: null,
  accessKey: 'a',
  secretPlaceholder: 'PLACEHOLDER',
  clients: [
    {
      id: 'rclone',
      name: 'Rclone',
      website: '',
      files: [{ name: 'f', place: null, contentType: 'text/plain', content: 'x = PLACEHOLDER\ny = PLACEHOLDER' }],
      commands: [{ label: 'configure', platform: 'any', text: 'set PLACEHOLDER' }],
      fields: [{ label: 'Secret', value: 'PLACEHOLDER' }],
    },
  ],
};

test('the secret takes every place of the placeholder, verbatim', () => {
  const [client] = fillSecret(connections, '$&secret').clients;
  assert.equal(client?.files[0]?.content, 'x = $&secret\ny = $&secret');
  assert.equal(client?.commands[0]?.text, 'set $&secret');
  assert.equal(client?.fields[0]?.value, '$&secret');
});

test('the cached answer never holds the secret', () => {
  fillSecret(connections, 'topsecret');
  assert.ok(!JSON.stringify(connections).includes('topsecret'));
});

test('without a secret the placeholder stays', () => {
  assert.equal(fillSecret(connections, null), connections);
});
