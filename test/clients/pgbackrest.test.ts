// pgBackRest keeps the backups and the archived WAL of a PostgreSQL in a bucket. https://pgbackrest.org
import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateBucketCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { type ClientSetUp, sdkFor, setUpClient } from './client-driver.ts';
import {
  type Cluster,
  makeCluster,
  openPostgresFolder,
  type PostgresFolder,
  socketFolder,
  startCluster,
} from './postgres-cluster.ts';

const BUCKET = 'database-backups';

test('pgBackRest archives, backs up, verifies, restores and expires a real PostgreSQL', {
  timeout: 300_000,
}, async (t) => {
  const setUp = await setUpClient(t);
  const client = await sdkFor(setUp);
  t.after(() => client.destroy());
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await using folder = await openPostgresFolder();
  const dataDir = await makeCluster(folder, 'original');
  const { run, archiveCommand } = await configure(setUp, folder, dataDir);
  await using original = await startCluster(folder, dataDir, ['archive_mode=on', `archive_command=${archiveCommand}`]);

  await run('stanza-create');
  await run('check');
  await original.query('create table note (id int primary key, body text not null)');
  await addNotes(original, 1, 20_000);
  await run('--type=full', 'backup');
  await addNotes(original, 20_001, 30_000);
  await run('--type=incr', 'backup');
  await addNotes(original, 30_001, 30_100);
  const expected = await notesOf(original);
  const moment = await original.query('select now()');
  await original.query('delete from note');
  // the last log segment is archived before it answers
  await run('check');
  assert.deepEqual(await backupTypes(run), ['full', 'incr']);
  await verify(run);

  await t.test('restored to the moment before an accident, every row is there', async () => {
    const restored = join(folder.path, 'restored');
    const target = ['--type=time', `--target=${moment}`, '--target-action=promote'];
    await run(`--pg1-path=${restored}`, ...target, 'restore');
    await using copy = await startCluster(folder, restored);
    await untilPromoted(copy);
    assert.equal(await notesOf(copy), expected);
    assert.match(expected, /^30100 /);
  });

  await t.test('a new full backup lets the ones before it expire', async () => {
    const before = await backupFolders(client);
    await run('--type=full', 'backup');
    assert.deepEqual(await backupTypes(run), ['full']);
    const after = await backupFolders(client);
    assert.equal(after.size, 1);
    assert.ok(after.isDisjointFrom(before));
    await verify(run);
  });
});

type Run = (...args: string[]) => Promise<string>;

async function configure(
  { facts, caFile }: ClientSetUp,
  { path, run }: PostgresFolder,
  dataDir: string,
): Promise<{ run: Run; archiveCommand: string }> {
  const { hostname, port } = new URL(facts.endpoint);
  const ca = join(path, 'ca.pem');
  await copyFile(caFile, ca);
  const file = join(path, 'pgbackrest.conf');
  const settings = {
    'repo1-type': 's3',
    'repo1-path': '/repo',
    'repo1-s3-bucket': BUCKET,
    'repo1-s3-endpoint': hostname,
    'repo1-s3-region': facts.region,
    'repo1-s3-key': facts.accessKey,
    'repo1-s3-key-secret': facts.secretKey,
    'repo1-s3-uri-style': 'path',
    'repo1-storage-port': port,
    'repo1-storage-ca-file': ca,
    'repo1-retention-full': '1',
    'repo1-bundle': 'y',
    'start-fast': 'y',
    'process-max': '2',
    'lock-path': join(path, 'lock'),
    'log-path': path,
    'spool-path': join(path, 'spool'),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const stanza = ['[main]', `pg1-path=${dataDir}`, `pg1-socket-path=${socketFolder(dataDir)}`, 'pg1-user=postgres', ''];
  await writeFile(file, ['[global]', ...lines, ...stanza].join('\n'), { mode: 0o644 });
  const common = [`--config=${file}`, '--stanza=main'];
  return {
    run: async (...args) => await run('pgbackrest', ...common, ...args),
    archiveCommand: ['pgbackrest', ...common, 'archive-push', '%p'].join(' '),
  };
}

async function addNotes({ query }: Cluster, first: number, last: number): Promise<void> {
  await query(`insert into note select id, md5(id::text) from generate_series(${first}, ${last}) id`);
}

/** The number of rows and a digest of all of them. */
async function notesOf({ query }: Cluster): Promise<string> {
  return await query(`select count(*) || ' ' || md5(string_agg(id || body, ',' order by id)) from note`);
}

async function untilPromoted({ query }: Cluster): Promise<void> {
  while ((await query('select pg_is_in_recovery()')) === 't') await delay(100);
}

/** Reads everything in the repository and checks it against its checksums. */
async function verify(run: Run): Promise<void> {
  const report = await run('--output=text', '--verbose', 'verify');
  assert.match(report, /^status: ok$/m, report);
  assert.doesNotMatch(report, /(?:missing|invalid|other): [1-9]/, report);
}

async function backupTypes(run: Run): Promise<string[]> {
  const [stanza] = JSON.parse(await run('--output=json', 'info')) as { backup: { type: string }[] }[];
  return (stanza?.backup ?? []).map(({ type }) => type);
}

/** `repo/backup/main/20261123-210000F/…`: a folder of each backup. */
async function backupFolders(client: S3Client): Promise<Set<string>> {
  const folders = new Set<string>();
  for await (const page of paginateListObjectsV2({ client }, { Bucket: BUCKET, Prefix: 'repo/backup/main/2' })) {
    for (const { Key = '' } of page.Contents ?? []) folders.add(Key.split('/')[3] ?? '');
  }
  return folders;
}
