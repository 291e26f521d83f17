// Keys under load on every gateway, and each of them revoked in one of six ways while it is used, over the REST API of
// one gateway or another: not one request, to whichever gateway, that began after the answer to its revocation is
// accepted.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel } from '../../src/shared/in-parallel.ts';
import { json } from '../api/browser.ts';
import { HttpsBrowser } from '../api/https-browser.ts';
import { rawS3 } from '../support/raw-s3.ts';
import type { TestServer } from '../support/start-server.ts';

/** One server, or each of several on the same stores. */
export type Gateway = Pick<TestServer, 's3Url' | 'consoleUrl' | 'caFile'>;

export type Storm = {
  /** keys of the root account: deleted, disabled, rotated out, expired */
  readonly ownKeys: number;
  /** users with a key each: disabled, or their policy is detached */
  readonly users: number;
  readonly thinkMs: number;
};

/** What `serve` has to be started with. */
export const STORM_LIMITS = ['--limit', 'keys-per-account=200', '--limit', 'users-per-account=50'];

type Key = { readonly id: string; readonly accessKey: string; readonly secretKey: string };
type Subject = { readonly key: Key; readonly userId: string | null };
type Console = { readonly browser: HttpsBrowser; readonly keysPath: string };
type Revocation = (on: Console, subject: Subject) => Promise<number>;
type Use = { readonly beganAt: number; readonly status: number };

const PASSWORD = 'A-Passw0rd-for-tests';
/** of each key on each gateway, before the first revocation and after its own: enough that every worker saw it */
const USES = 4;
const USES_TIMEOUT_MS = 90_000;
/** long enough for a busy machine to hear of it */
const EXPIRES_IN_MS = 6_000;

async function answered(sent: ReturnType<HttpsBrowser['send']>): Promise<number> {
  const { status, text } = await sent;
  assert.ok(status < 300, text);
  return performance.now();
}

/** Each resolves with the moment from which on the key must be dead. */
const ofKeys: Readonly<Record<string, Revocation>> = {
  delete: ({ browser, keysPath }, { key }) => answered(browser.send('DELETE', `${keysPath}/${key.id}`)),
  disable: ({ browser, keysPath }, { key }) =>
    answered(browser.send('PATCH', `${keysPath}/${key.id}`, { status: 'disabled' })),
  'rotate out': ({ browser, keysPath }, { key }) =>
    answered(browser.send('POST', `${keysPath}/${key.id}/rotate`, { overlapSeconds: 0 })),
  expire: async ({ browser, keysPath }, { key }) => {
    const endsAt = Date.now() + EXPIRES_IN_MS;
    const expiresAt = new Date(endsAt).toISOString();
    await answered(browser.send('PATCH', `${keysPath}/${key.id}`, { expiresAt }));
    return performance.now() + endsAt - Date.now();
  },
};
const ofUsers: Readonly<Record<string, Revocation>> = {
  'disable the user': ({ browser }, { userId }) =>
    answered(browser.send('PATCH', `users/${userId}`, { status: 'disabled' })),
  'detach the policy': ({ browser }, { userId }) =>
    answered(browser.send('PUT', `users/${userId}/policies`, { policies: [] })),
};

type Client = ReturnType<typeof rawS3>;

async function clientsOf(gateways: readonly Gateway[], key: Key): Promise<Client[]> {
  return Promise.all(
    gateways.map(async ({ s3Url: url, caFile }) =>
      rawS3({ url, ca: await readFile(caFile, 'utf8'), region: 'HAN02', ...key }),
    ),
  );
}

type Load = { readonly gateways: readonly Gateway[]; readonly thinkMs: number; readonly signal: AbortSignal };

/** Uses a key until told to stop, through each gateway in turn, in pairs of a signed header and a presigned URL. */
async function use({ gateways, thinkMs, signal }: Load, key: Key, uses: Use[]): Promise<void> {
  const clients = await clientsOf(gateways, key);
  for (let count = 0; !signal.aborted; count++) {
    const gateway = Math.floor(count / 2) % clients.length;
    const s3 = clients[gateway] ?? assert.fail('no gateway');
    const beganAt = performance.now();
    const auth = count % 2 === 0 ? 'header' : 'presigned';
    const { status } = await s3({ method: 'PUT', path: `/storm/${key.id}`, body: 'x', auth });
    uses.push({ beganAt, status });
    await sleep(thinkMs);
  }
}

async function signIn(gateway: Gateway, owner: Owner): Promise<Console> {
  const browser = new HttpsBrowser(gateway);
  await browser.signIn({ type: 'root', email: owner.rootEmail, password: owner.rootPassword });
  const projects = json<{ items: { id: string }[] }>(await browser.send('GET', 'projects'), 200);
  return { browser, keysPath: `projects/${projects.items[0]?.id}/s3-keys` };
}

type Owner = Pick<TestServer, 'rootEmail' | 'rootPassword' | 'cli'>;

async function makeUsers(owner: Owner, { browser }: Console, count: number): Promise<Subject[]> {
  const usernames = Array.from({ length: count }, (_, index) => `storm-${index}`);
  const request = { usernames, password: PASSWORD, policies: ['vStorageFullAccess'] };
  const made = json<{ items: { id: string; username: string }[] }>(await browser.send('POST', 'users', request), 201);
  const found: Subject[] = [];
  await inParallel(made.items, 2, async ({ id, username }) => {
    const args = ['s3-key', 'create', '--account', owner.rootEmail, '--project', 'default', '--user', username];
    found.push({ key: (await owner.cli(args)) as Key, userId: id });
  });
  return found;
}

async function makeKey({ browser, keysPath }: Console): Promise<Key> {
  return json<Key>(await browser.send('POST', keysPath, {}), 201);
}

/** One after the other, each by the next way and on the next gateway. */
async function revokeAll(consoles: readonly Console[], subjects: readonly Subject[]): Promise<number[]> {
  const deadFrom: number[] = [];
  for (const [index, subject] of subjects.entries()) {
    const ways = Object.values(subject.userId === null ? ofKeys : ofUsers);
    const revoke = ways[index % ways.length] ?? assert.fail('no way to revoke');
    const on = consoles[Math.floor(index / ways.length) % consoles.length] ?? assert.fail('no gateway');
    deadFrom.push(await revoke(on, subject));
  }
  return deadFrom;
}

/** All gateways are on the same stores; `owner` is one of them. */
export async function revocationStorm(owner: Owner, gateways: readonly Gateway[], storm: Storm): Promise<void> {
  const consoles = await Promise.all(gateways.map((gateway) => signIn(gateway, owner)));
  const first = consoles[0] ?? assert.fail('no gateway');
  const stays = await makeKey(first);
  const [s3] = await clientsOf(gateways, stays);
  assert.equal((await s3?.({ method: 'PUT', path: '/storm' }))?.status, 200);
  const subjects = await makeUsers(owner, first, storm.users);
  for (let count = 0; count < storm.ownKeys; count++) subjects.push({ key: await makeKey(first), userId: null });

  const all = [...subjects.map(({ key }) => key), stays].map((key) => ({ key, uses: [] as Use[] }));
  const stopped = new AbortController();
  const load = { gateways, thinkMs: storm.thinkMs, signal: stopped.signal };
  const running = Promise.all(all.map(({ key, uses }) => use(load, key, uses)));
  running.catch(() => undefined);
  let deadFrom: number[];
  try {
    await untilUsed(all, [], gateways.length);
    deadFrom = await revokeAll(consoles, subjects);
    await untilUsed(all, deadFrom, gateways.length);
  } finally {
    stopped.abort();
    await running;
  }
  const usesOfStays = all.pop()?.uses ?? [];
  for (const [index, { uses }] of all.entries()) assertDead(uses, deadFrom[index] ?? 0);
  const wrong = usesOfStays.filter(({ status }) => status !== 200);
  assert.deepEqual(wrong, [], 'a key that nobody revoked works throughout');
}

const later = (uses: readonly Use[], deadFrom = 0): Use[] => uses.filter(({ beganAt }) => beganAt > deadFrom);

/** Each key on each gateway, by header and by presigned URL, since the moment given for it. */
async function untilUsed(
  all: readonly { uses: readonly Use[] }[],
  since: readonly number[],
  gateways: number,
): Promise<void> {
  const deadlineMs = performance.now() + USES_TIMEOUT_MS;
  const used = (): boolean => all.every(({ uses }, index) => later(uses, since[index]).length >= USES * gateways);
  while (!used()) {
    assert.ok(performance.now() < deadlineMs, 'the keys could not be used often enough');
    await sleep(100);
  }
}

function assertDead(uses: readonly Use[], deadFrom: number): void {
  assert.ok(
    uses.some(({ status }) => status === 200),
    'the key worked before',
  );
  assert.deepEqual([...new Set(later(uses, deadFrom).map(({ status }) => status))], [403]);
}
