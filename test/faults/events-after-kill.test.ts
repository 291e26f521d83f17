// Events are in the store with the change they tell of: killing every process loses none.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { startReceiver } from '../support/event-receiver.ts';
import { startServer } from '../support/start-server.ts';
import { clientFor, createKey } from '../s3/s3-target.ts';

test('events of a server that is killed are told by the next one', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'vstorage-events-'));
  await using receiver = await startReceiver();
  const secretFile = join(dataDir, 'secret');
  await writeFile(secretFile, 'a-secret-for-the-tests\n');
  const args = ['--event-target', `inbox=${receiver.url}`, '--event-secret-file', `inbox=${secretFile}`];
  const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
  {
    await using server = await startServer({ dataDir, args });
    receiver.answer(null);
    const ca = await readFile(server.caFile, 'utf8');
    const client = clientFor({ url: server.s3Url, region: 'HAN02', ca }, await createKey(server));
    const Bucket = 'events';
    await client.send(new CreateBucketCommand({ Bucket }));
    const QueueConfigurations = [
      { Id: 'r', QueueArn: 'arn:vstorage:webhook:::inbox', Events: ['s3:ObjectCreated:*' as const] },
    ];
    await client.send(
      new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: { QueueConfigurations } }),
    );
    await Promise.all(keys.map((Key) => client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))));
    await server.kill();
    client.destroy();
  }
  receiver.answer(200);
  await using _next = await startServer({ dataDir, args });
  const records = await receiver.waitFor((all) => new Set(all.map(({ s3 }) => s3.object.key)).size === keys.length);
  assert.ok(records.length >= keys.length);
  await rm(dataDir, { recursive: true, force: true });
});
