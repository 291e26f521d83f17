import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { refused } from './browser.ts';
import { startConsole } from './console-fixture.ts';

const script = 'console.log("vStorage");'.repeat(50);
const index =
  '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><script type="module" src="/assets/index-abc123.js"></script>';

async function builtConsole(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'vstorage-console-'));
  await mkdir(join(path, 'assets'));
  await writeFile(join(path, 'index.html'), index);
  await writeFile(join(path, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(path, 'assets/index-abc123.js'), script);
  await writeFile(join(path, 'assets/index-abc123.js.gz'), gzipSync(script));
  await writeFile(join(path, 'assets/index-abc123.js.br'), brotliCompressSync(script));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test('every page view gets a nonce of its own for styles, and no inline script is allowed', async () => {
  await using built = await builtConsole();
  await using fixture = await startConsole({ consoleDir: built.path });
  const nonces = new Set<string>();
  for (const path of ['/', '/index.html', '/projects/abc/keys', '/sign-in?next=%2F']) {
    const { status, headers, text } = await fixture.browser().send('GET', path);
    assert.equal(status, 200, path);
    assert.match(String(headers['content-type']), /^text\/html/);
    assert.equal(headers['cache-control'], 'no-store');
    const policy = String(headers['content-security-policy']);
    const [, nonce = ''] = /style-src 'self' 'nonce-([^']{20,})'/.exec(policy) ?? [];
    assert.ok(text.includes(`content="${nonce}"`), policy);
    assert.match(policy, /script-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|__CSP_NONCE__/);
    assert.doesNotMatch(text, /__CSP_NONCE__/);
    nonces.add(nonce);
  }
  assert.equal(nonces.size, 4);
});

test('hashed assets are kept for ever, compressed when the browser can read it', async () => {
  await using built = await builtConsole();
  await using fixture = await startConsole({ consoleDir: built.path });
  const browser = fixture.browser();
  const path = '/assets/index-abc123.js';
  const plain = await browser.send('GET', path);
  assert.equal(plain.text, script);
  assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.match(String(plain.headers['content-type']), /javascript/);
  assert.equal(plain.headers['x-content-type-options'], 'nosniff');
  for (const encoding of ['gzip', 'br']) {
    const headers = { 'accept-encoding': encoding };
    const compressed = await browser.send('GET', path, undefined, { headers });
    assert.equal(compressed.headers['content-encoding'], encoding);
    assert.match(String(compressed.headers['content-type']), /javascript/);
    assert.match(JSON.stringify(compressed.headers['vary']), /accept-encoding/i);
  }
  const icon = await browser.send('GET', '/favicon.svg');
  assert.equal(icon.headers['cache-control'], 'no-cache');
});

test('missing files, unknown API paths and other methods are 404, not a page', async () => {
  await using built = await builtConsole();
  await using fixture = await startConsole({ consoleDir: built.path });
  const browser = fixture.browser();
  for (const path of ['/assets/old-123.js', '/missing.png', '/api/v1/nothing', '/api/v2/session', '/api/v1/']) {
    refused(await browser.send('GET', path), 404, 'no-such-path');
  }
  refused(await browser.send('POST', '/projects'), 404, 'no-such-path');
  for (const path of ['/..%2f..%2fetc%2fpasswd', '/assets/..%2f..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd']) {
    const answer = await browser.send('GET', path);
    assert.doesNotMatch(answer.text, /root:/);
  }
});

test('what a client may not ask of a file is its own error, not the server’s', async () => {
  await using built = await builtConsole();
  await using fixture = await startConsole({ consoleDir: built.path });
  const browser = fixture.browser();
  refused(await browser.send('GET', '/assets/'), 403, 'bad-request');
  const asked: [Record<string, string>, number][] = [
    [{ range: 'bytes=999999-' }, 416],
    [{ 'if-match': '"other"' }, 412],
  ];
  for (const [headers, status] of asked) {
    refused(await browser.send('GET', '/favicon.svg', undefined, { headers }), status, 'bad-request');
  }
});

test('without a built console the pages say how to get one, and the API answers', async () => {
  await using fixture = await startConsole();
  const browser = fixture.browser();
  const page = await browser.send('GET', '/');
  assert.equal(page.status, 503);
  assert.match(page.text, /npm start/);
  refused(await browser.send('GET', 'session'), 401, 'not-signed-in');
});

test('every answer carries the security headers, strict transport only with a public certificate', async () => {
  await using built = await builtConsole();
  await using open = await startConsole({ consoleDir: built.path });
  for (const path of ['/', '/favicon.svg', '/missing.png', '/api/v1/session', '/api/v1/openapi.json', '/api/docs/']) {
    const { headers } = await open.browser().send('GET', path);
    assert.match(String(headers['content-security-policy']), /default-src 'none'/, path);
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
    assert.equal(headers['x-frame-options'], 'DENY', path);
    assert.equal(headers['referrer-policy'], 'no-referrer', path);
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin', path);
    assert.match(String(headers['strict-transport-security']), /max-age=\d{7,}/, path);
    assert.equal(headers['access-control-allow-origin'], undefined, path);
  }
  await using local = await startConsole({ localCaPem: 'not read here' });
  const { headers } = await local.browser().send('GET', '/');
  assert.equal(headers['strict-transport-security'], undefined);
});

test('a URL that cannot be decoded is refused like everything else', async () => {
  await using fixture = await startConsole();
  for (const path of ['/%zz', '/api/v1/projects/%E0%A4%A']) {
    const answer = await fixture.browser().send('GET', path);
    refused(answer, 400, 'bad-request');
    assert.match(String(answer.headers['content-security-policy']), /default-src 'none'/);
  }
});
