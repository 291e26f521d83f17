// What else runs while the server is killed (kill-rounds.ts, cluster-rounds.ts): versions, lifecycle rules that expire,
// S3 keys that come and go. Each load knows what was acknowledged, and says after the restart whether it is so.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Answer } from '../api/browser.ts';
import { HttpsBrowser } from '../api/https-browser.ts';
import type { TestServer } from '../support/start-server.ts';
import { contentOf, sameState, type State, stateOf } from './history.ts';
import { AnsweredError, connect, type KeyPair, statusOf } from './s3-client.ts';

/** one server, or several that are one to their clients */
export type Target = Pick<TestServer, 's3Url' | 'consoleUrl' | 'caFile' | 'rootEmail' | 'rootPassword' | 'cli'>;

/** Throws when a request may not fail like that. */
export type Failed = (error: unknown) => 'go on' | 'stop';

export type Running = {
  readonly server: Target;
  readonly client: S3Client;
  readonly stopped: AbortSignal;
  readonly failed: Failed;
  /** between the requests of one client */
  readonly thinkMs: number;
};

export type KillLoad = {
  /** once, on the new server */
  readonly begin: (client: S3Client) => Promise<void>;
  /** until stopped, or until a request fails in a way that stops it */
  readonly run: (running: Running, round: number) => Promise<void>;
  /** the bytes it stores, which the usage must count */
  readonly verify: (server: Target, client: S3Client) => Promise<number>;
  /** acknowledged requests so far */
  readonly count: () => number;
};

export async function untilStopped(running: Running, step: (turn: number) => Promise<void>): Promise<void> {
  for (let turn = 0; !running.stopped.aborted; turn++) {
    try {
      await step(turn);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      if (running.failed(error) === 'stop') return;
    }
    if (running.thinkMs > 0) await sleep(running.thinkMs);
  }
}

async function contentAt(client: S3Client, Bucket: string, Key?: string, VersionId?: string): Promise<State> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return stateOf((await Body?.transformToByteArray()) ?? new Uint8Array());
}

/** Puts and deletes single versions of a few keys. */
export function versionLoad(): KillLoad {
  const Bucket = 'kill-versions';
  const kept = new Map<string, State>();
  const unanswered: State[] = [];
  const maybeGone = new Set<string>();
  let acknowledged = 0;
  const putOne = async (client: S3Client, name: string): Promise<void> => {
    const content = contentOf(name, randomInt(60_000));
    unanswered.push(stateOf(content));
    const Key = `key-${randomInt(4)}`;
    const { VersionId = '' } = await client.send(new PutObjectCommand({ Bucket, Key, Body: content }));
    unanswered.pop();
    acknowledged++;
    kept.set(`${Key} ${VersionId}`, stateOf(content));
  };
  const deleteOne = async (client: S3Client): Promise<void> => {
    const [name] = kept.keys();
    if (name === undefined) return;
    const [Key, VersionId] = name.split(' ');
    maybeGone.add(name);
    await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    maybeGone.delete(name);
    kept.delete(name);
  };
  return {
    begin: async (client) => {
      await client.send(new CreateBucketCommand({ Bucket }));
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    },
    run: (running, round) =>
      untilStopped(running, async (turn) =>
        turn % 2 === 1 && kept.size > 20
          ? deleteOne(running.client)
          : putOne(running.client, `versions ${round} ${turn}`),
      ),
    verify: async (_server, client) => {
      const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
      const listed = new Set(Versions.map(({ Key, VersionId }) => `${Key} ${VersionId}`));
      for (const name of kept.keys()) {
        if (maybeGone.has(name) && !listed.has(name)) kept.delete(name);
        else assert.ok(listed.has(name), `version ${name} is lost`);
      }
      let storedBytes = 0;
      for (const { Key, VersionId, Size = 0 } of Versions) {
        const observed = await contentAt(client, Bucket, Key, VersionId);
        const name = `${Key} ${VersionId}`;
        const expected = kept.has(name) ? [kept.get(name) ?? null] : unanswered;
        assert.ok(
          expected.some((state) => sameState(state, observed)),
          `version ${name} is torn, or was deleted`,
        );
        kept.set(name, observed);
        storedBytes += Size;
      }
      unanswered.length = 0;
      maybeGone.clear();
      return storedBytes;
    },
    count: () => acknowledged,
  };
}

/** Objects that a lifecycle rule expires after a (short) day, and some that none does. */
export function lifecycleLoad(): KillLoad {
  const Bucket = 'kill-lifecycle';
  const kept = new Map<string, State>();
  return {
    begin: async (client) => {
      await client.send(new CreateBucketCommand({ Bucket }));
      const Rules = [{ ID: 'old', Status: 'Enabled', Filter: { Prefix: 'old/' }, Expiration: { Days: 1 } } as const];
      const LifecycleConfiguration = { Rules };
      await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
    },
    run: (running, round) =>
      untilStopped(running, async (turn) => {
        const { client } = running;
        const Key = `${turn % 4 === 0 ? 'kept' : 'old'}/${round}-${turn}`;
        const Body = contentOf(Key, randomInt(40_000));
        await client.send(new PutObjectCommand({ Bucket, Key, Body }));
        if (Key.startsWith('kept/')) kept.set(Key, stateOf(Body));
      }),
    verify: async (_server, client) => {
      let storedBytes = 0;
      const found = new Set<string>();
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(new ListObjectsV2Command({ Bucket, ContinuationToken }));
        for (const { Key = '', Size = 0 } of page.Contents ?? []) {
          found.add(Key);
          storedBytes += Size;
          const whole = stateOf(contentOf(Key, Size));
          if (Key.startsWith('kept/'))
            assert.ok(sameState(await contentAt(client, Bucket, Key), whole), `${Key} is torn`);
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      for (const key of kept.keys()) assert.ok(found.has(key), `${key} is lost: no rule expires it`);
      return storedBytes;
    },
    count: () => kept.size,
  };
}

type ShownKey = KeyPair & { readonly id: string };

/** Keys made and deleted in the console while everything runs: an acknowledged deletion holds, so does a creation. */
export function keyLoad(): KillLoad {
  const alive = new Map<string, ShownKey>();
  const dead: ShownKey[] = [];
  const unclear = new Set<string>();
  return {
    begin: async () => {},
    run: async (running) => {
      const { server } = running;
      const browser = new HttpsBrowser(server);
      let path = '';
      const makeOrDelete = untilStopped(running, async () => {
        if (path === '') {
          path = await openKeys(server, browser);
          return;
        }
        const [oldest] = alive.values();
        if (alive.size <= 3 || oldest === undefined) {
          const made = demand<ShownKey>(await browser.send('POST', path, {}), 201);
          alive.set(made.id, made);
          return;
        }
        const isRepeated = unclear.has(oldest.id);
        unclear.add(oldest.id);
        const answer = await browser.send('DELETE', `${path}/${oldest.id}`);
        if (!isRepeated || answer.status !== 404) demand(answer, 204);
        alive.delete(oldest.id);
        unclear.delete(oldest.id);
        dead.push(oldest);
      });
      const knock = untilStopped({ ...running, thinkMs: Math.max(running.thinkMs, 50) }, async (turn) => {
        const key = dead.at(-1 - (turn % 5));
        if (key !== undefined) assert.ok(!(await isAccepted(server, key)), 'a deleted key was accepted');
      });
      await Promise.all([makeOrDelete, knock]);
    },
    verify: async (server) => {
      for (const key of alive.values()) {
        const accepted = await isAccepted(server, key);
        if (unclear.has(key.id) && !accepted) alive.delete(key.id);
        else assert.ok(accepted, 'a key that was handed out works');
      }
      for (const key of dead.slice(-5)) assert.ok(!(await isAccepted(server, key)), 'a deleted key is dead');
      unclear.clear();
      return 0;
    },
    count: () => alive.size + dead.length,
  };
}

async function openKeys(server: Target, browser: HttpsBrowser): Promise<string> {
  const credentials = { type: 'root', email: server.rootEmail, password: server.rootPassword } as const;
  demand(await browser.tryToSignIn(credentials), 201);
  const projects = demand<{ items: { id: string }[] }>(await browser.send('GET', 'projects'), 200);
  return `projects/${projects.items[0]?.id}/s3-keys`;
}

/** Another answer is an error like those of the SDK. */
function demand<Body>(answer: Answer, status: number): Body {
  if (answer.status !== status) throw new AnsweredError(answer.status, answer.text);
  return (answer.text === '' ? undefined : JSON.parse(answer.text)) as Body;
}

async function isAccepted(server: Target, key: KeyPair): Promise<boolean> {
  const client = await connect(server, key);
  try {
    await client.send(new ListBucketsCommand({}));
    return true;
  } catch (error) {
    if (statusOf(error) !== 403) throw error;
    return false;
  } finally {
    client.destroy();
  }
}
