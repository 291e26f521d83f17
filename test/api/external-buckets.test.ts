// A bucket that another account shares: added to a project by name, and worth exactly what its owner allows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExternalBucketList, ExternalBucketView } from '../../src/console-api/contract/external-buckets.ts';
import type { DeleteObjectsResult, ObjectList } from '../../src/console-api/contract/objects.ts';
import { createAccount } from '../../src/identity/accounts.ts';
import { createProject } from '../../src/projects/projects.ts';
import { type Browser, refused } from './browser.ts';
import { type ConsoleFixture, startConsole } from './console-fixture.ts';
import { get, makeBucket, put } from './objects-of.ts';

type Neighbour = { readonly browser: Browser; readonly accountId: string; readonly projectId: string };

/** Another root account with a project of its own. */
async function openNeighbour({ deps, browser }: ConsoleFixture): Promise<Neighbour> {
  const person = { email: 'neighbour@example.com', password: 'Other-Passw0rd' };
  const { account } = await createAccount(deps.identity, person);
  const { accountId } = account;
  const wanted = { accountId, name: 'theirs', class: 'gold', quotaBytes: 2 ** 30 } as const;
  const { projectId } = await createProject(deps.identity, wanted);
  const signedIn = browser();
  await signedIn.signIn({ type: 'root', ...person });
  return { browser: signedIn, accountId, projectId };
}

const share = (owner: Browser, bucket: string, accountId: string, actions: readonly string[]) =>
  owner.change(
    'PUT',
    `${bucket}/policy`,
    {
      document: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
          Action: actions,
          Resource: ['arn:aws:s3:::lent', 'arn:aws:s3:::lent/*'],
        },
      }),
    },
    200,
  );

const listOf = ({ browser, projectId }: Neighbour): Promise<ExternalBucketList> =>
  browser.get(`projects/${projectId}/external-buckets`);
const add = ({ browser, projectId }: Neighbour, name: string) =>
  browser.send('POST', `projects/${projectId}/external-buckets`, { name });

test('a bucket that nobody shares is as unknown as none, and one of the own account is not external', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  await makeBucket(fixture, root, 'lent');
  const neighbour = await openNeighbour(fixture);
  const [unshared, missing] = [await add(neighbour, 'lent'), await add(neighbour, 'missing')];
  assert.equal(
    refused(unshared, 404, 'not-shared').detail.replace('lent', ''),
    refused(missing, 404, 'not-shared').detail.replace('missing', ''),
  );
  refused(await add(neighbour, 'Not A Name'), 400, 'invalid-bucket-name');
  const own = await root.send('POST', `projects/${fixture.projectId}/external-buckets`, { name: 'lent' });
  refused(own, 409, 'bucket-not-external');
  assert.deepEqual((await listOf(neighbour)).items, []);
});

test('a shared bucket is browsed, read and written as far as its owner allows, and no further', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'lent');
  await put(root, bucket, 'given/1.txt', 'one');
  const neighbour = await openNeighbour(fixture);
  await share(root, bucket, neighbour.accountId, ['s3:ListBucket', 's3:GetObject', 's3:PutObject']);
  const path = `projects/${neighbour.projectId}/external-buckets`;
  const added = await neighbour.browser.change<ExternalBucketView>('POST', path, { name: 's3://lent/given' }, 201);
  assert.deepEqual([added.name, added.prefix, added.rights], ['lent', 'given/', ['list', 'download', 'upload']]);
  refused(await add(neighbour, 'lent'), 409, 'external-bucket-known');
  const { items, you } = await listOf(neighbour);
  assert.deepEqual(items, [added]);
  assert.equal(you.accountId, neighbour.accountId);

  const theirs = `projects/${neighbour.projectId}/buckets/lent`;
  const listed = await neighbour.browser.get<ObjectList>(`${theirs}/objects?prefix=given/`);
  assert.deepEqual(
    listed.items.map((item) => (item.kind === 'object' ? item.key : item.prefix)),
    ['given/1.txt'],
  );
  assert.equal((await get(neighbour.browser, theirs, 'given/1.txt')).text, 'one');
  await put(neighbour.browser, theirs, 'given/2.txt', 'two');
  assert.equal((await get(root, bucket, 'given/2.txt')).text, 'two', 'the owner owns what is written there');
  const drop = { items: [{ key: 'given/1.txt' }] };
  const { results } = await neighbour.browser.change<DeleteObjectsResult>(
    'POST',
    `${theirs}/objects/delete`,
    drop,
    200,
  );
  assert.deepEqual(
    results.map(({ deleted }) => deleted),
    [false],
  );
  assert.equal((await get(root, bucket, 'given/1.txt')).status, 200);
});

test('its settings, emptying and deletion stay with the owner', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'lent');
  const neighbour = await openNeighbour(fixture);
  await share(root, bucket, neighbour.accountId, ['s3:*']);
  await neighbour.browser.change('POST', `projects/${neighbour.projectId}/external-buckets`, { name: 'lent' }, 201);
  const theirs = `projects/${neighbour.projectId}/buckets/lent`;
  for (const setting of ['policy', 'cors', 'lifecycle', 'versioning', 'reach']) {
    refused(await neighbour.browser.send('GET', `${theirs}/${setting}`), 404, 'no-such-bucket');
  }
  refused(await neighbour.browser.send('DELETE', theirs), 404, 'no-such-bucket');
  const empty = { kind: 'empty', bucket: 'lent', confirm: 'lent' };
  refused(await neighbour.browser.send('POST', `projects/${neighbour.projectId}/tasks`, empty), 404, 'no-such-bucket');
});

test('what is taken back or made anew under the same name is out of reach at once', async () => {
  await using fixture = await startConsole({ overHttp: true });
  const root = await fixture.root();
  const bucket = await makeBucket(fixture, root, 'lent');
  const neighbour = await openNeighbour(fixture);
  await share(root, bucket, neighbour.accountId, ['s3:ListBucket']);
  await neighbour.browser.change('POST', `projects/${neighbour.projectId}/external-buckets`, { name: 'lent' }, 201);
  const theirs = `projects/${neighbour.projectId}/buckets/lent`;
  await neighbour.browser.get(`${theirs}/objects`);
  await root.change('DELETE', `${bucket}/policy`, undefined, 204);
  refused(await neighbour.browser.send('GET', `${theirs}/objects`), 403, 'access-denied');
  assert.deepEqual(
    (await listOf(neighbour)).items.map(({ rights, owner }) => [rights, owner]),
    [[[], '']],
  );
  await root.change('DELETE', bucket, undefined, 204);
  await makeBucket(fixture, root, 'lent');
  await share(root, bucket, neighbour.accountId, ['s3:ListBucket']);
  refused(await neighbour.browser.send('GET', `${theirs}/objects`), 404, 'no-such-bucket');
  assert.deepEqual(
    (await listOf(neighbour)).items.map(({ owner }) => owner),
    [null],
  );
  const path = `projects/${neighbour.projectId}/external-buckets/lent`;
  await neighbour.browser.change('DELETE', path, undefined, 204);
  refused(await neighbour.browser.send('DELETE', path), 404, 'no-such-external-bucket');
});
