// A secret leaves the server once, in the answer that makes it. Here everything else that comes out of a server, or stays
// in it, is searched for the secrets it was given and gave: answers, logs, rows of the store, files, backups, process lists.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { listBackups, metadataFile } from '../../src/backup/backup-files.ts';
import { readDump } from '../../src/backup/encode-dump.ts';
import { json, type Method } from '../api/browser.ts';
import { HttpsBrowser } from '../api/https-browser.ts';
import { filesHolding } from '../browser/support/secrecy.ts';
import { rawS3 } from '../support/raw-s3.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

const USER_PASSWORD = 'Users-0wn-Passw0rd!';
const IMPORTED = 'an-imported-secret-of-another-system-42';

/** What came out of the server, by where it came from. */
class Heard {
  readonly #texts: { readonly from: string; readonly text: string }[] = [];

  add(from: string, text: string): void {
    this.#texts.push({ from, text });
  }

  /** Plain, base64 or hexadecimal. */
  holding(secret: string): string[] {
    const forms = [
      secret,
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      Buffer.from(secret).toString('hex'),
    ];
    return this.#texts.filter(({ text }) => forms.some((form) => text.includes(form))).map(({ from }) => from);
  }
}

/** Command lines and environments of every process of ours, again and again until disposed. */
function watchProcesses(heard: Heard, own: string): Disposable {
  const look = (): void => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== own)) {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        if (line.includes('vstorage')) heard.add(`command line of ${line.replaceAll('\0', ' ').slice(0, 60)}`, line);
      } catch {
        // it has ended
      }
    }
  };
  const timer = setInterval(look, 20);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

type Rig = {
  readonly server: TestServer;
  readonly browser: HttpsBrowser;
  readonly heard: Heard;
  readonly ca: string;
};

async function send({ browser, heard }: Rig, method: Method, path: string, body?: unknown): Promise<string> {
  const answer = await browser.send(method, path, body);
  heard.add(`${method} ${path.replaceAll(/[0-9a-f-]{32,36}/g, 'ID')}`, answer.text + JSON.stringify(answer.headers));
  assert.ok(answer.status < 500, `${method} ${path}: ${answer.text}`);
  return answer.text;
}

async function cli({ server, heard }: Rig, ...args: string[]): Promise<unknown> {
  const answer = await server.cli(args);
  heard.add(`vstorage ${args.slice(0, 2).join(' ')}`, JSON.stringify(answer));
  return answer;
}

type Key = { readonly id: string; readonly accessKey: string; readonly secretKey: string };

/** Right and wrong, in every way a signature is sent: refusals say much. */
async function useKey({ server, heard, ca }: Rig, key: Key): Promise<void> {
  const s3 = rawS3({ url: server.s3Url, ca, region: 'HAN02', ...key });
  const path = '/once';
  const requests = [
    { method: 'PUT', path },
    { path },
    { path, auth: 'presigned' },
    { path, tamper: { signature: () => '0'.repeat(64) } },
    { path, auth: 'presigned', tamper: { signature: () => '0'.repeat(64) } },
    { path, skewMs: -3_600_000 },
    { method: 'PUT', path: `${path}/x`, body: 'x'.repeat(20_000), payload: 'chunked-signed' },
    { path: '/nobody-s-bucket' },
  ] as const;
  for (const request of requests) {
    const reply = await s3(request);
    heard.add(`S3 ${reply.status} ${reply.code ?? ''}`, reply.text + JSON.stringify(reply.headers));
  }
}

/** Every GET of the REST API, its parameters filled with what there is. */
async function readEverything(rig: Rig, ids: Readonly<Record<string, string>>): Promise<number> {
  const openapi = JSON.parse((await rig.browser.send('GET', 'openapi.json')).text) as {
    paths: Record<string, Record<string, unknown>>;
  };
  let count = 0;
  for (const [template, methods] of Object.entries(openapi.paths)) {
    if (!('get' in methods)) continue;
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? ids['id'] ?? 'none');
    await send(rig, 'GET', path.startsWith('/api/v1') ? path : `/api/v1${path}`);
    count++;
  }
  return count;
}

test('no secret stands anywhere but in the one answer that made it', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-test-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const server = stack.use(await startServer({ args: ['--log-level', 'debug'] }));
  const heard = new Heard();
  const rig: Rig = { server, heard, browser: new HttpsBrowser(server), ca: readFileSync(server.caFile, 'utf8') };
  const watching = watchProcesses(heard, String(process.pid));
  const { email, password } = { email: server.rootEmail, password: server.rootPassword };
  await rig.browser.signIn({ type: 'root', email, password });
  const projects = json<{ items: { id: string }[] }>(await rig.browser.send('GET', 'projects'), 200);
  const projectId = projects.items[0]?.id ?? '';
  const keysPath = `projects/${projectId}/s3-keys`;

  const made = JSON.parse(await send(rig, 'POST', keysPath, { description: 'by hand' })) as Key;
  const rotated = JSON.parse(await send(rig, 'POST', `${keysPath}/${made.id}/rotate`, { overlapSeconds: 3600 })) as Key;
  const users = { usernames: ['quiet'], password: USER_PASSWORD, policies: ['vStorageReadOnlyAccess'] };
  await send(rig, 'POST', 'users', users);
  const account = ['--account', email, '--project', 'default'];
  const byCommand = (await cli(rig, 's3-key', 'create', ...account, '--user', 'quiet')) as Key;
  const secretFile = join(folder, 'secret');
  await writeFile(secretFile, `${IMPORTED}\n`, { mode: 0o600 });
  const pair = ['--access-key', 'imported-pair', '--secret-key-file', secretFile];
  const imported = (await cli(rig, 's3-key', 'create', ...account, ...pair)) as Key;
  const totp = JSON.parse(await send(rig, 'POST', 'session/totp', { password })) as { secret: string };

  for (const key of [made, rotated, byCommand, { ...imported, secretKey: IMPORTED }]) await useKey(rig, key);
  await send(rig, 'PATCH', `${keysPath}/${made.id}`, { description: 'changed' });
  await send(rig, 'POST', 'session', { type: 'root', email, password: 'a wrong one' });
  const reads = await readEverything(rig, { projectId, id: rotated.id });
  assert.ok(reads >= 15, `${reads} routes were read`);
  for (const command of [['s3-key', 'list', '--account', email], ['user', 'list', '--account', email], ['doctor']]) {
    await cli(rig, ...command).catch(() => {});
  }
  await cli(rig, 'backup', '--to', join(folder, 'backup'));
  for (const { name } of await listBackups(join(folder, 'backup'))) {
    for await (const entry of readDump(metadataFile(join(folder, 'backup'), name))) {
      if (entry.kind === 'row') heard.add('a row of the store', Buffer.from(entry.value).toString('latin1'));
    }
  }
  watching[Symbol.dispose]();
  heard.add('the log', server.stdout() + server.stderr());

  const secrets: readonly { readonly name: string; readonly value: string; readonly from: readonly string[] }[] = [
    { name: 'the secret of a key', value: made.secretKey, from: [`POST projects/ID/s3-keys`] },
    { name: 'the secret of a rotated key', value: rotated.secretKey, from: [`POST projects/ID/s3-keys/ID/rotate`] },
    { name: 'the secret of a key made by command', value: byCommand.secretKey, from: ['vstorage s3-key create'] },
    {
      name: 'an imported secret',
      value: IMPORTED,
      from: imported.secretKey === undefined ? [] : ['vstorage s3-key create'],
    },
    { name: 'the secret of an authenticator app', value: totp.secret, from: ['POST session/totp'] },
    { name: 'the password of a user', value: USER_PASSWORD, from: [] },
    { name: 'the password of the root account', value: password, from: [] },
    { name: 'the CSRF token', value: rig.browser.csrfToken, from: ['GET /api/v1/session'] },
  ];
  for (const { name, value, from } of secrets) {
    assert.ok(value.length >= 15, `${name} is known`);
    assert.deepEqual(heard.holding(value), from, name);
    const files = (await filesHolding(server.dataDir, value)).filter((file) => !file.endsWith('root-password.txt'));
    assert.deepEqual(files, [], `${name} in the data directory`);
  }
  const master = readFileSync(join(server.dataDir, 'master.key'), 'utf8').split(':').at(-1)?.trim() ?? '';
  assert.deepEqual(heard.holding(master), []);
  assert.deepEqual(await filesHolding(join(folder, 'backup'), master), []);
});
