// A store with one region gets a second one, before the first and with places of its own: nothing is lost, jobs know
// the regions apart.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BLOBS_VARIABLE } from '../support/engines.ts';
import { type RawReply, type RawRequest, rawS3 } from '../support/raw-s3.ts';
import { startServer } from '../support/start-server.ts';
import { untilWorks } from '../support/until-works.ts';
import { createKey, type KeyPair } from './s3-target.ts';

const folder = await mkdtemp(join(tmpdir(), 'vstorage-regions-'));
after(() => rm(folder, { recursive: true, force: true }));
const dataDir = join(folder, 'data');
await mkdir(dataDir);
const BYTES = Buffer.alloc(100_000, 'x');

type Send = (request: RawRequest) => Promise<RawReply>;

/** Whatever is not 2xx fails the test. */
function sender(url: string, ca: string, key: KeyPair & { region: string }, host: string): Send {
  const send = rawS3({ url, ca, ...key });
  return async (request) => {
    const reply = await send({ host: `${host}:${new URL(url).port}`, ...request });
    assert.ok(reply.status < 300, `${request.path}: ${reply.status} ${reply.text}`);
    return reply;
  };
}

const keysOf = async (send: Send, bucket: string): Promise<string[]> =>
  [...(await send({ path: `/${bucket}` })).text.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => match[1] ?? '');

const blobsIn = async (path: string): Promise<string[]> =>
  (await readdir(path, { recursive: true })).filter((name) => /[0-9a-f]{32}$/.test(name));

async function fillFirstRegion(): Promise<KeyPair> {
  await using server = await startServer({ dataDir, workers: 1 });
  const key = await createKey(server);
  const ca = await readFile(server.caFile, 'utf8');
  const send = sender(server.s3Url, ca, { ...key, region: 'HAN02' }, 'localhost');
  await send({ method: 'PUT', path: '/kept' });
  await send({ method: 'PUT', path: '/kept/old', body: BYTES });
  return key;
}

test('a region that is no longer the first keeps its objects; logs and transitions stay in their region', async () => {
  const north = { ...(await fillFirstRegion()), region: 'HAN02' };
  const settings = `
lifecycle-day: 2s
access-log-interval: 1s
regions:
  - {name: HCM04, domains: [south.localhost], blobs: "files:${folder}/south"}
  - {name: HAN02, domains: [north.localhost], storage-class: {STANDARD_IA: "files:${folder}/ia"}}
`;
  await writeFile(join(folder, 'settings.yaml'), settings);
  const env = { VSTORAGE_CONFIG: join(folder, 'settings.yaml') };
  await using server = await startServer({ dataDir, env, workers: 1 });
  await server.cli(['project', 'create', '--account', server.rootEmail, '--name', 'south', '--region', 'HCM04']);
  const south = { ...(await createKey(server, ['--project', 'south'])), region: 'HCM04' };
  const ca = await readFile(server.caFile, 'utf8');
  const inNorth = sender(server.s3Url, ca, north, 'north.localhost');
  const inSouth = sender(server.s3Url, ca, south, 'localhost');

  assert.deepEqual((await inNorth({ path: '/kept/old' })).body, BYTES);
  for (const send of [inNorth, inSouth]) await send({ method: 'PUT', path: '/logs' });
  await inSouth({ method: 'PUT', path: '/kept' });
  await inSouth({ method: 'PUT', path: '/kept/new', body: BYTES });
  const status = `<BucketLoggingStatus><LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix>l/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>`;
  await inNorth({ method: 'PUT', path: '/kept', query: { logging: '' }, body: status });
  const rule =
    '<Rule><ID>cold</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter><Transition><Days>1</Days><StorageClass>STANDARD_IA</StorageClass></Transition></Rule>';
  const body = `<LifecycleConfiguration>${rule}</LifecycleConfiguration>`;
  await inNorth({ method: 'PUT', path: '/kept', query: { lifecycle: '' }, body, checksum: 'CRC32' });

  await untilWorks(async () => {
    const head = await inNorth({ method: 'HEAD', path: '/kept/old' });
    assert.equal(head.headers['x-amz-storage-class'], 'STANDARD_IA');
    assert.ok((await keysOf(inNorth, 'logs')).length > 0, 'no log yet');
  }, 40_000);
  assert.deepEqual((await inNorth({ path: '/kept/old' })).body, BYTES);
  assert.deepEqual(await keysOf(inSouth, 'logs'), []);
  assert.deepEqual(await keysOf(inSouth, 'kept'), ['new']);
  if (process.env[BLOBS_VARIABLE] !== undefined) return;
  assert.equal((await blobsIn(join(folder, 'ia', 'HAN02-STANDARD_IA'))).length, 1);
  assert.equal((await blobsIn(join(folder, 'south', 'HCM04-STANDARD'))).length, 1);
});
