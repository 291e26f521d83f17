import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../config/load.ts';
import { localUrl, regionFacts } from './endpoints.ts';

const ports = { s3: 9000, console: 9001 };

const configFor = (flags: Readonly<Record<string, string>>) =>
  loadConfig({ flags, environment: new Map(), cwd: import.meta.dirname });

test('clients on this machine are told localhost wherever that reaches the listener', () => {
  for (const host of ['127.0.0.1', '[::1]', '0.0.0.0', '[::]', 'localhost']) {
    const config = configFor({ 's3-listen': `${host}:9000` });
    assert.equal(localUrl(config, ports, 's3'), 'https://localhost:9000', host);
  }
});

test('a listener on one address only is named by that address', () => {
  const config = configFor({ 's3-listen': '192.0.2.7:9000', 'console-listen': '[2001:db8::7]:9001' });
  assert.equal(localUrl(config, ports, 's3'), 'https://192.0.2.7:9000');
  assert.equal(localUrl(config, ports, 'console'), 'https://[2001:db8::7]:9001');
  assert.equal(regionFacts(config, ports)[0].endpoint, 'https://192.0.2.7:9000');
});
