import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { clientIds, type Connections, type RegionList } from '../../src/console-api/contract.ts';
import { HOST, refused } from './browser.ts';
import { startConsole } from './console-fixture.ts';

const ACCESS_KEY = '00112233445566778899aabbccddeeff';
const run = promisify(execFile);

/** Any certificate does: the console only shows and hands out what it was given. */
async function makeCertificate(folder: string): Promise<string> {
  const path = join(folder, 'test-ca.pem');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', '/dev/null'];
  await run('openssl', ['req', '-x509', ...key, '-subj', '/CN=Test CA', '-days', '1', '-out', path]);
  return await readFile(path, 'utf8');
}

test('regions name their endpoint and domains', async () => {
  await using fixture = await startConsole();
  const user = await fixture.user('alice');
  const { items } = await user.get<RegionList>('regions');
  assert.deepEqual(items, [
    { name: 'HAN02', endpoint: 'https://localhost:9000', domains: ['s3.localhost'], default: true },
  ]);
});

test('every client gets a set-up filled in with endpoint, region and access key, but no secret', async () => {
  await using fixture = await startConsole();
  const user = await fixture.user('alice');
  const path = `projects/${fixture.projectId}/connections?accessKey=${ACCESS_KEY}`;
  const connections = await user.get<Connections>(path);
  assert.deepEqual(
    connections.clients.map(({ id }) => id),
    [...clientIds],
  );
  const { endpoint, host, port, region, domain, accessKey, secretPlaceholder, ca } = connections;
  assert.deepEqual(
    { endpoint, host, port, region, domain, accessKey, secretPlaceholder, ca },
    {
      endpoint: 'https://localhost:9000',
      host: 'localhost',
      port: 9000,
      region: 'HAN02',
      domain: 's3.localhost',
      accessKey: ACCESS_KEY,
      secretPlaceholder: 'YOUR_SECRET_KEY',
      ca: null,
    },
  );
  for (const client of connections.clients) assert.match(JSON.stringify(client), new RegExp(ACCESS_KEY), client.id);
});

test('without a chosen key a placeholder stands in its place', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const connections = await root.get<Connections>(`projects/${fixture.projectId}/connections`);
  assert.equal(connections.accessKey, 'YOUR_ACCESS_KEY');
  refused(
    await root.send('GET', `projects/${fixture.projectId}/connections?accessKey=${encodeURIComponent("'; rm -rf ~")}`),
    400,
    'invalid-request',
  );
});

test('configuration files are downloads under their own names', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const download = async (client: string) =>
    await root.send('GET', `projects/${fixture.projectId}/connections/${client}/download?accessKey=${ACCESS_KEY}`);
  const names: Record<string, string> = {};
  for (const client of clientIds) {
    const { status, headers, text } = await download(client);
    assert.equal(status, 200, text);
    assert.equal(headers['cache-control'], 'no-store');
    assert.ok(text.length > 100, client);
    names[client] = /^attachment; filename="([^"]+)"$/.exec(String(headers['content-disposition']))?.[1] ?? '';
  }
  assert.deepEqual(names, {
    s3cmd: 's3cnf.s3cfg',
    rclone: 'rclone.conf',
    'aws-cli': 'aws-config',
    mc: 'vstorage-han02.json',
    cyberduck: 'HAN02.cyberduckprofile',
    's3-browser': 's3-browser-HAN02.txt',
    'sdk-javascript': 'vstorage.mjs',
    'sdk-python': 'vstorage.py',
    'sdk-go': 'main.go',
    'sdk-java': 'VStorage.java',
    restic: 'vstorage-han02.env',
  });
  const profile = await download('cyberduck');
  assert.equal(profile.headers['content-type'], 'application/x-cyberduck-profile');
  assert.match(profile.text, /^<\?xml/);
  refused(await download('filezilla'), 400, 'invalid-request');
});

test('the local CA is handed out without signing in, with its fingerprint in the set-ups', async () => {
  await using folder = await startConsole();
  const pem = await makeCertificate(folder.folder);
  await using fixture = await startConsole({ localCaPem: pem });
  const answer = await fixture.browser().send('GET', 'ca.pem');
  assert.equal(answer.status, 200);
  assert.equal(answer.text, pem);
  assert.equal(answer.headers['content-type'], 'application/x-pem-file');
  assert.equal(answer.headers['content-disposition'], 'attachment; filename="vstorage-ca.pem"');
  const root = await fixture.root();
  const { ca, clients } = await root.get<Connections>(`projects/${fixture.projectId}/connections`);
  const url = `https://${HOST}/api/v1/ca.pem`;
  const { fingerprint256 } = new X509Certificate(pem);
  assert.deepEqual(ca, { url, fileName: 'vstorage-ca.pem', sha256Fingerprint: fingerprint256 });
  for (const { id, commands } of clients) {
    const texts = commands.map(({ text }) => text).join('\n');
    assert.ok(texts.includes(url), id);
    if (id !== 's3-browser') assert.ok(texts.includes(fingerprint256), id);
  }
});

test('a server without a local CA says so', async () => {
  await using fixture = await startConsole();
  refused(await fixture.browser().send('GET', 'ca.pem'), 404, 'no-local-ca');
});
