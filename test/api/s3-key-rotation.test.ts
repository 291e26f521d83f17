import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreatedS3Key, S3KeyList, S3KeyView } from '../../src/console-api/contract.ts';
import { type Browser, refused } from './browser.ts';
import { type ConsoleFixture, startConsole } from './console-fixture.ts';

const keysOf = ({ projectId }: ConsoleFixture): string => `projects/${projectId}/s3-keys`;
const generate = (browser: Browser, fixture: ConsoleFixture, body: object = {}): Promise<CreatedS3Key> =>
  browser.change<CreatedS3Key>('POST', keysOf(fixture), body, 201);

test('rotating answers a new pair under a new id, and the old one names its successor and its end', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const old = await generate(root, fixture, { description: 'backup', restriction: { buckets: ['photos'] } });
  const path = `${keysOf(fixture)}/${old.id}/rotate`;
  const made = await root.change<CreatedS3Key>('POST', path, { overlapSeconds: 7200 }, 201);
  const { id, accessKey, secretKey, createdAt } = made;
  assert.notEqual(id, old.id);
  assert.notEqual(secretKey, old.secretKey);
  assert.deepEqual(made, { ...old, id, accessKey, secretKey, createdAt });
  const { items, limit } = await root.get<S3KeyList>(keysOf(fixture));
  assert.equal(limit.used, 1);
  const rotated = items.find((key) => key.id === old.id);
  assert.equal(rotated?.rotatedTo?.id, id);
  const overlapMs = Date.parse(rotated?.rotatedTo?.worksUntil ?? '') - Date.parse(createdAt);
  assert.equal(overlapMs, 7_200_000);
  assert.ok(!JSON.stringify(items).includes(secretKey));
  refused(await root.send('POST', path, {}), 409, 'already-rotated');
});

test('without a body the overlap is an hour; one that is too long is refused', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const { id } = await generate(root, fixture);
  refused(
    await root.send('POST', `${keysOf(fixture)}/${id}/rotate`, { overlapSeconds: 604_801 }),
    400,
    'invalid-request',
  );
  const made = await root.change<CreatedS3Key>('POST', `${keysOf(fixture)}/${id}/rotate`, undefined, 201);
  const { items } = await root.get<S3KeyList>(keysOf(fixture));
  const until = items.find((key) => key.id === id)?.rotatedTo?.worksUntil ?? '';
  assert.equal(Date.parse(until) - Date.parse(made.createdAt), 3_600_000);
});

test('users rotate their own keys; nobody but root rotates the keys of root', async () => {
  await using fixture = await startConsole();
  const rootKey = await generate(await fixture.root(), fixture);
  const alice = await fixture.user('alice');
  const own = await generate(alice, fixture);
  const made = await alice.change<CreatedS3Key>('POST', `${keysOf(fixture)}/${own.id}/rotate`, {}, 201);
  assert.deepEqual(made.creator, own.creator);
  const admin = await fixture.user('admin', ['vStorageFullAccess']);
  refused(await admin.send('POST', `${keysOf(fixture)}/${rootKey.id}/rotate`, {}), 403, 'access-denied');
  const other = await fixture.user('other');
  refused(await other.send('POST', `${keysOf(fixture)}/${made.id}/rotate`, {}), 403, 'access-denied');
  await admin.change('POST', `${keysOf(fixture)}/${made.id}/rotate`, {}, 201);
});

test('a restriction is set, changed and taken away, and comes back as it was meant', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const restriction = {
    buckets: ['photos'],
    prefix: 'public/',
    allow: ['read', 'list'],
    networks: ['192.0.2.0/24'],
    hours: { from: '08:00', to: '18:00', days: ['mon', 'fri'], utcOffset: '+07:00' },
  };
  const key = await generate(root, fixture, { restriction });
  assert.deepEqual(key.restriction, { ...restriction, policy: null });
  assert.deepEqual(key.warnings, ['never-expires']);
  const patch = (body: object) => root.change<S3KeyView>('PATCH', `${keysOf(fixture)}/${key.id}`, body, 200);
  assert.deepEqual((await patch({ description: 'x' })).restriction, key.restriction);
  const policy = { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' }] };
  const byPolicy = (await patch({ restriction: { policy } })).restriction;
  assert.deepEqual(JSON.parse(byPolicy?.policy ?? ''), policy);
  assert.equal(byPolicy?.buckets, null);
  assert.equal((await patch({ restriction: null })).restriction, null);
});

test('restrictions that cannot be meant are refused with what to write instead', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const wrong = [
    [{ prefix: 'a/' }, 'invalid-restriction'],
    [{ buckets: ['no/slash'] }, 'invalid-restriction'],
    [{ networks: ['10.0.0.0/33'] }, 'invalid-restriction'],
    [{ allow: [] }, 'invalid-restriction'],
    [{ hours: { from: '08:00', to: '08:00' } }, 'invalid-restriction'],
    [{ policy: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject' }] } }, 'malformed-policy'],
    [{ bucket: 'typo' }, 'invalid-request'],
  ] as const;
  for (const [restriction, code] of wrong) {
    refused(await root.send('POST', keysOf(fixture), { restriction }), 400, code);
  }
  assert.deepEqual((await root.get<S3KeyList>(keysOf(fixture))).items, []);
});

test('the credential report lists the keys one may see as CSV, without formulas and without secrets', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const key = await generate(root, fixture, { description: '=cmd(), "x"' });
  const alice = await fixture.user('alice');
  const own = await generate(alice, fixture);
  const answer = await root.send('GET', `${keysOf(fixture)}/report.csv`);
  assert.equal(answer.status, 200);
  assert.match(String(answer.headers['content-type']), /^text\/csv/);
  const [heading, ...rows] = answer.text.trimEnd().split('\r\n');
  assert.match(heading ?? '', /^id,access_key,.*,warnings,service_account$/);
  assert.equal(rows.length, 2);
  assert.ok(answer.text.includes(`"'=cmd(), ""x"""`));
  for (const secret of [key.secretKey, own.secretKey]) assert.ok(!answer.text.includes(secret));
  const hers = await alice.send('GET', `${keysOf(fixture)}/report.csv`);
  assert.ok(hers.text.includes(own.accessKey) && !hers.text.includes(key.accessKey));
});
