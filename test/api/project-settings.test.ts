import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProjectList, ProjectView } from '../../src/console-api/contract.ts';
import type { ProjectEventList, ProjectSettings } from '../../src/console-api/contract/project-settings.ts';
import { decodeRecord } from '../../src/metadata/tables/record.ts';
import { type MailRecord, mailDueRange } from '../../src/metadata/tables/sign-in.ts';
import { watchProjects } from '../../src/projects/watch-projects.ts';
import { type Browser, refused } from './browser.ts';
import { type ConsoleFixture, startConsole } from './console-fixture.ts';
import { makeBucket, put } from './objects-of.ts';

const GIB = 2 ** 30;
const DAY_MS = 86_400_000;
const MIB = 2 ** 20;
const off = { enabled: false, threshold: { unit: 'percent', usedPercent: 90 }, mail: true };
const autoScale = {
  enabled: true,
  threshold: { unit: 'bytes', freeBytes: GIB - MIB },
  stepBytes: GIB,
  maxBytes: 3 * GIB,
  description: 'for the backups',
  mail: true,
};

async function watch({ deps }: ConsoleFixture): Promise<void> {
  let after: string | null = '';
  while (after !== null) after = await watchProjects({ ...deps.identity, mailEnabled: deps.mailEnabled }, after);
}

async function mails({ deps }: ConsoleFixture): Promise<string[]> {
  const { store, clock } = deps.identity;
  const rows = await store.read((snapshot) => snapshot.range({ ...mailDueRange(clock()), limit: 100 }));
  return rows.map(({ value }) => decodeRecord<MailRecord>(value)).map(({ to, about }) => `${about.kind} ${to}`);
}

async function history(browser: Browser, { projectId }: ConsoleFixture): Promise<string[]> {
  const { items } = await browser.get<ProjectEventList>(`projects/${projectId}/history`);
  return items.map(({ kind, by, quota }) => {
    const amounts = quota === null ? '' : ` ${(quota.from ?? 0) / GIB}>${(quota.to ?? 0) / GIB}`;
    return `${kind} ${by.type}${amounts}`;
  });
}

test('every project begins with an alert at 90 percent; it is raised once, told by mail once, and ends', async () => {
  await using fixture = await startConsole({ mailEnabled: true, overHttp: true });
  const root = await fixture.root();
  const path = `projects/${fixture.projectId}`;
  const settings = await root.get<ProjectSettings>(`${path}/settings`);
  assert.deepEqual(settings, {
    alert: { enabled: true, threshold: { unit: 'percent', usedPercent: 90 }, mail: true },
    autoScale: null,
    mailEnabled: true,
    mailTo: 'owner@example.com',
  });
  const alert = { enabled: true, threshold: { unit: 'bytes', freeBytes: GIB - MIB }, mail: true };
  await root.change('PUT', `${path}/alert`, alert, 200);
  const bucket = await makeBucket(fixture, root, 'filling');
  await put(root, bucket, 'key', Buffer.alloc(MIB));
  assert.equal((await root.get<ProjectView>(path)).alertSince, null);
  await watch(fixture);
  await watch(fixture);
  assert.notEqual((await root.get<ProjectView>(path)).alertSince, null);
  assert.deepEqual(await mails(fixture), ['usage-alert owner@example.com']);
  await root.change('PATCH', path, { quotaBytes: 2 * GIB }, 200);
  await watch(fixture);
  assert.equal((await root.get<ProjectView>(path)).alertSince, null);
  const happened = [
    'alert-ended job 0>2',
    'resized root 1>2',
    'alert-raised job 0>1',
    'alert-set root',
    'created operator 0>1',
  ];
  assert.deepEqual(await history(root, fixture), happened);
  await root.change('PUT', `${path}/alert`, off, 200);
  await root.change('PATCH', path, { quotaBytes: GIB }, 200);
  await watch(fixture);
  assert.deepEqual((await mails(fixture)).length, 1);
});

test('auto-scale lets the quota grow up to its end, and says when it cannot go on', async () => {
  await using fixture = await startConsole({ mailEnabled: true, overHttp: true });
  const root = await fixture.root();
  const path = `projects/${fixture.projectId}`;
  await root.change('PUT', `${path}/alert`, off, 200);
  await root.change('PUT', `${path}/auto-scale`, autoScale, 200);
  const bucket = await makeBucket(fixture, root, 'growing');
  await watch(fixture);
  assert.equal((await root.get<ProjectView>(path)).quotaBytes, GIB, 'not full enough');
  await put(root, bucket, 'key', Buffer.alloc(MIB));
  await watch(fixture);
  assert.equal((await root.get<ProjectView>(path)).quotaBytes, 2 * GIB);
  assert.deepEqual(await mails(fixture), ['auto-scaled owner@example.com']);
  await watch(fixture);
  assert.equal((await root.get<ProjectView>(path)).quotaBytes, 2 * GIB, 'there is room again');
  const most = { ...autoScale, threshold: { unit: 'bytes', freeBytes: 2 * GIB }, mail: false };
  await root.change('PUT', `${path}/auto-scale`, most, 200);
  for (let look = 0; look < 3; look++) await watch(fixture);
  assert.equal((await root.get<ProjectView>(path)).quotaBytes, 3 * GIB);
  await root.change('PUT', `${path}/auto-scale`, { ...most, threshold: { unit: 'percent', usedPercent: 1 } }, 200);
  await root.change('PATCH', path, { quotaBytes: GIB }, 200);
  await root.change('PUT', `${path}/auto-scale`, { ...autoScale, maxBytes: GIB }, 200);
  for (let look = 0; look < 3; look++) await watch(fixture);
  const [last] = await history(root, fixture);
  assert.equal(last, 'auto-scale-failed job 1>0');
  assert.equal((await history(root, fixture)).filter((line) => line.startsWith('auto-scale-failed')).length, 1);
});

test('without a mail server nothing is queued, and wrong thresholds are refused by name', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const path = `projects/${fixture.projectId}`;
  await root.change(
    'PUT',
    `${path}/alert`,
    { ...off, enabled: true, threshold: { unit: 'bytes', freeBytes: GIB } },
    200,
  );
  await watch(fixture);
  assert.notEqual((await root.get<ProjectView>(path)).alertSince, null);
  assert.deepEqual(await mails(fixture), []);
  const fieldOf = async (route: string, body: object) =>
    refused(await root.send('PUT', `${path}/${route}`, body), 400, 'invalid-threshold').errors?.[0]?.field;
  for (const usedPercent of [0, 101]) {
    assert.equal(await fieldOf('alert', { ...off, threshold: { unit: 'percent', usedPercent } }), 'threshold');
  }
  assert.equal(await fieldOf('auto-scale', { ...autoScale, stepBytes: 1 }), 'stepBytes');
  assert.equal(await fieldOf('auto-scale', { ...autoScale, maxBytes: 2 ** 52 }), 'maxBytes');
  refused(await root.send('PUT', `${path}/alert`, { enabled: true }), 400, 'invalid-request');
  const reader = await fixture.user('reader', ['vStorageReadOnlyAccess']);
  await reader.get(`${path}/settings`);
  refused(await reader.send('PUT', `${path}/alert`, off), 403, 'access-denied');
  refused(await (await fixture.user('nobody')).send('GET', `${path}/history`), 403, 'access-denied');
});

test('a project whose period is over goes to the trash, and comes back with no end', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  refused(await root.send('POST', 'projects', { name: 'x', quotaBytes: GIB, periodMonths: 2 }), 400, 'invalid-period');
  const made = await root.change<ProjectView>(
    'POST',
    'projects',
    { name: 'short', quotaBytes: GIB, periodMonths: 1 },
    201,
  );
  const days = (Date.parse(made.endsAt ?? '') - Date.parse(made.createdAt)) / DAY_MS;
  assert.ok(days >= 28 && days <= 31, String(days));
  const renewed = await root.change<ProjectView>('POST', `projects/${made.id}/renew`, { periodMonths: 3 }, 200);
  const more = (Date.parse(renewed.endsAt ?? '') - Date.parse(made.endsAt ?? '')) / DAY_MS;
  assert.ok(more >= 89 && more <= 92, String(more));
  fixture.advanceClock(100 * DAY_MS);
  await watch(fixture);
  const later = await fixture.root();
  assert.equal((await later.get<ProjectView>(`projects/${made.id}`)).trashedAt, null);
  fixture.advanceClock(30 * DAY_MS);
  await watch(fixture);
  await watch(fixture);
  const last = await fixture.root();
  const { items } = await last.get<ProjectList>('projects?state=trashed');
  assert.deepEqual(
    items.map(({ name }) => name),
    ['short'],
  );
  const restored = await last.change<ProjectView>('POST', `projects/${made.id}/restore`, undefined, 200);
  assert.equal(restored.endsAt, null);
  await watch(fixture);
  assert.equal((await last.get<ProjectView>(`projects/${made.id}`)).trashedAt, null);
});

test('the history comes page by page', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const path = `projects/${fixture.projectId}`;
  for (const gib of [2, 3, 4]) {
    fixture.advanceClock(1);
    await root.change('PATCH', path, { quotaBytes: gib * GIB }, 200);
  }
  const first = await root.get<ProjectEventList>(`${path}/history?limit=2`);
  const second = await root.get<ProjectEventList>(`${path}/history?limit=2&cursor=${first.nextCursor ?? ''}`);
  assert.deepEqual(
    [...first.items, ...second.items].map(({ quota }) => (quota?.to ?? 0) / GIB),
    [4, 3, 2, 1],
  );
  assert.equal(second.nextCursor, null);
  refused(await root.send('GET', `${path}/history?cursor=x`), 400, 'invalid-cursor');
});
