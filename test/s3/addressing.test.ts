import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { after, test } from 'node:test';
import { encodeKey } from '../support/raw-s3-request.ts';
import { openTarget } from './s3-target.ts';

const s3 = await openTarget();
after(() => s3[Symbol.asyncDispose]());
const { raw, server } = s3;
const bucket = await s3.bucket();
const { port } = new URL(s3.url);

test('virtual-host style reaches the same objects as path style', async (t) => {
  if (server === null) return t.skip('needs the default domain');
  const host = `${bucket}.s3.localhost:${port}`;
  const put = await raw({ method: 'PUT', host, path: '/folder/a', body: 'virtual' });
  assert.equal(put.status, 200, put.text);
  assert.equal((await raw({ path: `/${bucket}/folder/a` })).text, 'virtual');
  assert.equal((await raw({ host, path: '/', query: { 'list-type': '2' } })).field('Key'), 'folder/a');
  assert.equal((await raw({ host: host.toUpperCase(), path: '/folder/a' })).text, 'virtual');
  const root = await raw({ host: `s3.localhost:${port}`, path: `/${bucket}/folder/a` });
  assert.equal(root.text, 'virtual');
});

test('a virtual-host key may begin with slashes', async (t) => {
  if (server === null) return t.skip('needs the default domain');
  const host = `${bucket}.s3.localhost:${port}`;
  await raw({ method: 'PUT', host, path: '//a', body: 'slashes' });
  assert.equal((await raw({ path: `/${bucket}//a` })).text, 'slashes');
});

test('a path that is no UTF-8, or badly encoded, is InvalidURI', async () => {
  for (const path of ['%ff', '%', '%4', '%zz', 'a%c3%28']) {
    const reply = await raw({ path: `/${bucket}/${path}` });
    assert.deepEqual([reply.status, reply.code], [400, 'InvalidURI'], path);
  }
});

test('keys travel in presigned URLs unchanged', async () => {
  for (const key of ['a b', 'a+b', 'a%2Fb', 'a?b#c', 'ü/€/\u{1f600}', '//x', '..', "it's (1)!*~"]) {
    const path = `/${bucket}/${encodeKey(key)}`;
    assert.equal((await raw({ method: 'PUT', path, body: key, auth: 'presigned' })).status, 200, key);
    assert.equal((await raw({ path, auth: 'presigned' })).text, key);
  }
});

test('plain HTTP on the TLS port is a clear 400 in S3’s XML', async () => {
  const [response]: IncomingMessage[] = await once(
    http.get({ host: 'localhost', port, path: `/${bucket}` }),
    'response',
  );
  assert.ok(response);
  const text = Buffer.concat(await response.toArray()).toString();
  assert.equal(response.statusCode, 400);
  assert.match(text, /<Error><Code>InvalidRequest<\/Code><Message>[^<]*HTTPS/);
});

test('the certificate is good for the default domain and its buckets', async (t) => {
  if (server === null) return t.skip('needs the local CA');
  assert.match(await readFile(server.caFile, 'utf8'), /BEGIN CERTIFICATE/);
  for (const name of ['s3.localhost', `${bucket}.s3.localhost`]) assert.equal(await statusAt(name), 403);
});

/** Verifies the certificate against the name, whatever the name resolves to here. */
async function statusAt(name: string): Promise<number | undefined> {
  const sent = request({ host: 'localhost', port, servername: name, headers: { host: name }, ca: s3.ca, agent: false });
  sent.end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  response?.resume();
  return response?.statusCode;
}
