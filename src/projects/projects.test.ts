import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openIdentityFixture, problem } from '../../test/support/identity-fixture.ts';
import { createS3Key, listS3Keys } from '../identity/s3-keys.ts';
import type { ProjectRecord } from '../metadata/tables/identities.ts';
import type { AccountId } from '../shared/ids.ts';
import {
  MAX_QUOTA_BYTES,
  type NewProject,
  purgeDueAt,
  TRASH_MS,
  createProject,
  findProject,
  findProjectOf,
  listProjects,
  resizeProject,
  restoreProject,
  trashProject,
} from './projects.ts';
import { purgeProjects } from './purge-projects.ts';

const GIB = 2 ** 30;
const facts = { class: 'gold', quotaBytes: 30 * GIB } as const;

test('a project has a 32-digit id, the region as configured and what was asked for', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const { accountId } = account;
  const wanted: NewProject = {
    accountId,
    name: ' a.b_c-d@e f ',
    region: 'hcm04',
    class: 'instant-archive',
    quotaBytes: GIB,
  };
  const project = await createProject(deps, wanted);
  assert.match(project.projectId, /^[0-9a-f]{32}$/);
  const { name, region, quotaBytes, trashedAt } = project;
  assert.deepEqual(
    [name, region, project.class, quotaBytes, trashedAt],
    ['a.b_c-d@e f', 'HCM04', 'instant-archive', GIB, null],
  );
  assert.deepEqual(await findProject(deps, project.projectId), project);
  assert.deepEqual(await findProjectOf(deps, accountId, 'A.B_c-d@e F'), project);
  assert.deepEqual(await findProjectOf(deps, accountId, project.projectId), project);
  assert.equal(await findProjectOf(deps, '000000000000' as AccountId, project.projectId), undefined);
  assert.equal((await listProjects(deps, accountId)).length, 2);
});

test('names, regions and quotas outside the rules are refused', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account } = fixture;
  const create = (more: Partial<NewProject>): Promise<unknown> =>
    createProject(deps, { accountId: account.accountId, name: 'name', ...facts, ...more });
  for (const name of ['', '   ', 'x'.repeat(41), 'a/b', 'ä', 'a\tb']) {
    await assert.rejects(create({ name }), problem('invalid-project-name', 400), name);
  }
  for (const quotaBytes of [GIB - 1, MAX_QUOTA_BYTES + 1, 1.5 * GIB + 0.5, Number.NaN]) {
    await assert.rejects(create({ quotaBytes }), problem('invalid-quota', 400), String(quotaBytes));
  }
  await assert.rejects(create({ region: 'MOON' }), problem('no-such-region', 400));
  await assert.rejects(create({ accountId: '000000000000' as AccountId }), problem('no-such-account', 404));
  await create({ name: 'small', quotaBytes: 1, minQuotaBytes: 1 });
});

test('a name is unique in the account without regard to case, the trash included', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, account, project } = fixture;
  const again = (): Promise<unknown> => createProject(deps, { accountId: account.accountId, name: 'FIRST', ...facts });
  await assert.rejects(again(), problem('project-name-taken', 409));
  await trashProject(deps, project.projectId);
  await assert.rejects(again(), problem('project-name-taken', 409));
});

test('the limit of projects counts those outside the trash, at restoring too', async () => {
  await using fixture = await openIdentityFixture({ 'projects-per-account': 2 });
  const { deps, account, project } = fixture;
  const create = (name: string): Promise<ProjectRecord> =>
    createProject(deps, { accountId: account.accountId, name, ...facts });
  await create('second');
  await assert.rejects(create('third'), problem('limit-exceeded', 409));
  await trashProject(deps, project.projectId);
  await create('third');
  await assert.rejects(restoreProject(deps, project.projectId), problem('limit-exceeded', 409));
});

test('a quota may grow and shrink, but not in the trash', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, project } = fixture;
  assert.equal((await resizeProject(deps, project.projectId, 50 * GIB)).quotaBytes, 50 * GIB);
  assert.equal((await resizeProject(deps, project.projectId, GIB)).quotaBytes, GIB);
  assert.throws(() => resizeProject(deps, project.projectId, 0), problem('invalid-quota', 400));
  await trashProject(deps, project.projectId);
  await assert.rejects(resizeProject(deps, project.projectId, GIB), problem('project-in-trash', 409));
});

test('a project comes back from the trash as it was, within 7 days', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, project, account } = fixture;
  const { projectId } = project;
  await createS3Key(deps, { accountId: account.accountId, projectId, creator: { type: 'root' } });
  assert.equal((await trashProject(deps, projectId)).trashedAt, deps.clock());
  await assert.rejects(trashProject(deps, projectId), problem('project-in-trash', 409));
  fixture.pass(TRASH_MS - 1);
  assert.deepEqual(await restoreProject(deps, projectId), project);
  assert.equal((await listS3Keys(deps, { accountId: account.accountId, projectId })).length, 1);
  await assert.rejects(restoreProject(deps, projectId), problem('project-not-in-trash', 409));
  fixture.pass(TRASH_MS * 2);
  assert.equal(
    await purgeProjects(deps, { purge: async () => assert.fail('must not be purged'), lockedUntil: async () => null }),
    false,
  );
});

test('after 7 days it cannot be restored and is purged, its storage first, then its keys and itself', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, project, account } = fixture;
  const { projectId } = project;
  await createS3Key(deps, { accountId: account.accountId, projectId, creator: { type: 'root' } });
  await trashProject(deps, projectId);
  let parts = 2;
  const purge = async (purged: ProjectRecord): Promise<boolean> => {
    assert.equal(purged.projectId, projectId);
    assert.equal((await listS3Keys(deps, { accountId: account.accountId })).length, 1);
    return parts-- > 0;
  };
  const purgeStorage = { purge, lockedUntil: async () => null };
  fixture.pass(TRASH_MS - 1);
  assert.equal(await purgeProjects(deps, purgeStorage), false);
  fixture.pass(1);
  await assert.rejects(restoreProject(deps, projectId), problem('project-purged', 410));
  for (let unit = 0; unit < 3; unit++) assert.equal(await purgeProjects(deps, purgeStorage), true);
  assert.equal(await findProject(deps, projectId), undefined);
  assert.deepEqual(await listS3Keys(deps, { accountId: account.accountId }), []);
  assert.equal(await purgeProjects(deps, purgeStorage), false);
  await createProject(deps, { accountId: account.accountId, name: 'first', ...facts });
});

test('a project with a locked object is not purged and can be restored until the lock is over', async () => {
  await using fixture = await openIdentityFixture();
  const { deps, project } = fixture;
  const { projectId } = project;
  const lock: { until: number | null } = { until: Number.POSITIVE_INFINITY };
  const storage = { purge: async () => false, lockedUntil: async () => lock.until };
  await trashProject(deps, projectId);
  fixture.pass(TRASH_MS);
  assert.equal(await purgeProjects(deps, storage), true);
  assert.equal(await purgeProjects(deps, storage), false, 'looked at again a day later');
  const kept = await findProject(deps, projectId);
  assert.equal(kept === undefined ? null : purgeDueAt(kept), deps.clock() + 24 * 3_600_000);
  assert.deepEqual(await restoreProject(deps, projectId), project);
  await trashProject(deps, projectId);
  fixture.pass(TRASH_MS);
  lock.until = deps.clock() + 1000;
  assert.equal(await purgeProjects(deps, storage), true);
  fixture.pass(1000);
  lock.until = null;
  assert.equal(await purgeProjects(deps, storage), true);
  assert.equal(await findProject(deps, projectId), undefined);
  assert.equal(await purgeProjects(deps, storage), false);
});
