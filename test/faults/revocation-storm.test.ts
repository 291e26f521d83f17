// Fifty keys under load on several workers, and every one of them revoked in one of six ways while it is used, over the
// REST API: not one request that began after the answer to its revocation is accepted.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel } from '../../src/shared/in-parallel.ts';
import { json } from '../api/browser.ts';
import { HttpsBrowser } from '../api/https-browser.ts';
import { rawS3 } from '../support/raw-s3.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

type Key = { readonly id: string; readonly accessKey: string; readonly secretKey: string };
type Revocation = (browser: HttpsBrowser, key: Key, userId: string | null) => Promise<number>;

const OWN_KEYS = 32;
const USERS = 18;
const THINK_MS = 40;
const PASSWORD = 'A-Passw0rd-for-tests';

let keysPath = '';

async function answered(sent: ReturnType<HttpsBrowser['send']>): Promise<number> {
  const { status, text } = await sent;
  assert.ok(status < 300, text);
  return performance.now();
}

/** Each resolves with the moment from which on the key must be dead. */
const ofKeys: Readonly<Record<string, Revocation>> = {
  delete: (browser, { id }) => answered(browser.send('DELETE', `${keysPath}/${id}`)),
  disable: (browser, { id }) => answered(browser.send('PATCH', `${keysPath}/${id}`, { status: 'disabled' })),
  'rotate out': (browser, { id }) => answered(browser.send('POST', `${keysPath}/${id}/rotate`, { overlapSeconds: 0 })),
  expire: async (browser, { id }) => {
    const endsAt = Date.now() + 1_500;
    await answered(browser.send('PATCH', `${keysPath}/${id}`, { expiresAt: new Date(endsAt).toISOString() }));
    return performance.now() + endsAt - Date.now();
  },
};
const ofUsers: Readonly<Record<string, Revocation>> = {
  'disable the user': (browser, _key, id) => answered(browser.send('PATCH', `users/${id}`, { status: 'disabled' })),
  'detach the policy': (browser, _key, id) => answered(browser.send('PUT', `users/${id}/policies`, { policies: [] })),
};

type Use = { readonly beganAt: number; readonly status: number };

/** Uses a key until told to stop, through a presigned URL every other time. */
async function use(server: TestServer, ca: string, key: Key, signal: AbortSignal): Promise<Use[]> {
  const s3 = rawS3({ url: server.s3Url, ca, region: 'HAN02', ...key });
  const uses: Use[] = [];
  for (let count = 0; !signal.aborted; count++) {
    const beganAt = performance.now();
    const auth = count % 2 === 0 ? 'header' : 'presigned';
    const { status } = await s3({ method: 'PUT', path: `/storm/${key.id}`, body: 'x', auth });
    uses.push({ beganAt, status });
    await sleep(THINK_MS);
  }
  return uses;
}

async function makeUsers(server: TestServer, browser: HttpsBrowser): Promise<{ key: Key; userId: string }[]> {
  const usernames = Array.from({ length: USERS }, (_, index) => `storm-${index}`);
  const request = { usernames, password: PASSWORD, policies: ['vStorageFullAccess'] };
  const made = json<{ items: { id: string; username: string }[] }>(await browser.send('POST', 'users', request), 201);
  const found: { key: Key; userId: string }[] = [];
  await inParallel(made.items, 4, async ({ id, username }) => {
    const args = ['s3-key', 'create', '--account', server.rootEmail, '--project', 'default', '--user', username];
    found.push({ key: (await server.cli(args)) as Key, userId: id });
  });
  return found;
}

test('of fifty keys in use none is accepted once its revocation was answered', { timeout: 180_000 }, async () => {
  const limits = ['--limit', 'keys-per-account=200', '--limit', 'users-per-account=50'];
  await using server = await startServer({ workers: 3, args: limits });
  const ca = await readFile(server.caFile, 'utf8');
  const browser = new HttpsBrowser(server);
  await browser.signIn({ type: 'root', email: server.rootEmail, password: server.rootPassword });
  const projects = json<{ items: { id: string }[] }>(await browser.send('GET', 'projects'), 200);
  keysPath = `projects/${projects.items[0]?.id}/s3-keys`;
  const make = async (): Promise<Key> => json<Key>(await browser.send('POST', keysPath, {}), 201);
  const owner = await make();
  await rawS3({ url: server.s3Url, ca, region: 'HAN02', ...owner })({ method: 'PUT', path: '/storm' });
  const subjects: { key: Key; userId: string | null }[] = await makeUsers(server, browser);
  for (let count = 0; count < OWN_KEYS; count++) subjects.push({ key: await make(), userId: null });
  const stopped = new AbortController();
  const uses = subjects.map(({ key }) => use(server, ca, key, stopped.signal));
  const ownersUse = use(server, ca, owner, stopped.signal);
  await sleep(2_000);

  const deadFrom: number[] = [];
  for (const [index, { key, userId }] of subjects.entries()) {
    const ways = Object.values(userId === null ? ofKeys : ofUsers);
    const revoke = ways[index % ways.length] ?? assert.fail('no way to revoke');
    deadFrom.push(await revoke(browser, key, userId));
  }
  await sleep(2_500);
  stopped.abort();

  for (const [index, all] of (await Promise.all(uses)).entries()) {
    assert.ok(
      all.some(({ status }) => status === 200),
      'the key worked before',
    );
    const later = all.filter(({ beganAt }) => beganAt > (deadFrom[index] ?? 0));
    assert.ok(later.length > 0, 'it was tried afterwards');
    assert.deepEqual([...new Set(later.map(({ status }) => status))], [403]);
  }
  const wrong = (await ownersUse).filter(({ status }) => status !== 200);
  assert.deepEqual(wrong, [], 'a key that nobody revoked works throughout');
});
