// What else runs while the server is killed (kill-rounds.ts): versions, lifecycle rules that expire, S3 keys that come
// and go. Each load knows what was acknowledged, and says after the restart whether it is so.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
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
import { json } from '../api/browser.ts';
import { HttpsBrowser } from '../api/https-browser.ts';
import type { TestServer } from '../support/start-server.ts';
import { contentOf, sameState, type State, stateOf } from './history.ts';
import { connect, type KeyPair, statusOf } from './s3-client.ts';

export type Running = { readonly server: TestServer; readonly client: S3Client; readonly killed: AbortSignal };

export type KillLoad = {
  /** once, on the new server */
  readonly begin: (client: S3Client) => Promise<void>;
  /** until killed; no answer is what a killed server gives */
  readonly run: (running: Running, round: number) => Promise<void>;
  /** the bytes it stores, which the usage must count */
  readonly verify: (server: TestServer, client: S3Client) => Promise<number>;
  /** acknowledged requests so far */
  readonly count: () => number;
};

async function untilKilled(killed: AbortSignal, step: (turn: number) => Promise<void>): Promise<void> {
  for (let turn = 0; !killed.aborted; turn++) {
    try {
      await step(turn);
    } catch (error) {
      assert.equal(statusOf(error), null, `the server answered an error: ${String(error)}`);
      return;
    }
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
    run: ({ client, killed }, round) =>
      untilKilled(killed, async (turn) =>
        turn % 3 === 2 && kept.size > 20 ? deleteOne(client) : putOne(client, `versions ${round} ${turn}`),
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
    run: ({ client, killed }, round) =>
      untilKilled(killed, async (turn) => {
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
    run: async ({ server, killed }) => {
      const browser = new HttpsBrowser(server);
      let path = '';
      await untilKilled(killed, async (turn) => {
        if (turn === 0) {
          await browser.signIn({ type: 'root', email: server.rootEmail, password: server.rootPassword });
          const projects = json<{ items: { id: string }[] }>(await browser.send('GET', 'projects'), 200);
          path = `projects/${projects.items[0]?.id}/s3-keys`;
          return;
        }
        const [oldest] = alive.values();
        if (alive.size > 3 && oldest !== undefined) {
          unclear.add(oldest.id);
          const { status } = await browser.send('DELETE', `${path}/${oldest.id}`);
          assert.ok(status < 300, `deleting a key: ${status}`);
          alive.delete(oldest.id);
          unclear.delete(oldest.id);
          dead.push(oldest);
          return;
        }
        const made = json<ShownKey>(await browser.send('POST', path, {}), 201);
        alive.set(made.id, made);
      });
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

async function isAccepted(server: TestServer, key: KeyPair): Promise<boolean> {
  const client = await connect(server, key);
  try {
    await client.send(new ListBucketsCommand({}));
    return true;
  } catch (error) {
    assert.equal(statusOf(error), 403);
    return false;
  } finally {
    client.destroy();
  }
}
