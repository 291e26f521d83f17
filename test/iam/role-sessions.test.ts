// Whoever has taken a role on is seen, and put out before the credentials expire.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { RoleList, RoleSessionList } from '../../src/console-api/contract/roles.ts';
import { json } from '../api/browser.ts';
import { HttpsBrowser } from '../api/https-browser.ts';
import { allow, type Clients, keysIn, openIamTarget, policy, trust } from './iam-target.ts';

test('sessions of a role are listed, of other accounts too, and ended one by one and all at once', async () => {
  await using target = await openIamTarget(['--limit', 'keys-per-account=50']);
  const { iam } = target.root;
  const [user, others] = [await target.user('pipeline'), await target.otherAccount('other@example.test')];
  const AssumeRolePolicyDocument = trust({ AWS: [user.arn, others.accountId] });
  await iam.send(new CreateRoleCommand({ RoleName: 'deploy', AssumeRolePolicyDocument }));
  await iam.send(
    new PutRolePolicyCommand({ RoleName: 'deploy', PolicyName: 's3', PolicyDocument: policy(allow('s3:*')) }),
  );
  const RoleArn = `arn:aws:iam::${target.accountId}:role/deploy`;
  const takeOn = async (who: Clients, RoleSessionName: string): Promise<Clients> =>
    target.as(keysIn((await who.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }))).Credentials));
  const outcome = (who: Clients): Promise<string> =>
    who.s3.send(new ListBucketsCommand({})).then(
      () => 'works',
      () => 'refused',
    );
  const [one, two] = [await takeOn(user, 'one'), await takeOn(user, 'two')];
  const owner = new HttpsBrowser(target.server);
  await owner.signIn({ type: 'root', email: target.server.rootEmail, password: target.server.rootPassword });
  const role = json<RoleList>(await owner.send('GET', 'roles'), 200).items[0];
  assert.ok(role);
  const path = `roles/${role.id}/sessions`;
  const living = async () => json<RoleSessionList>(await owner.send('GET', path), 200).items;

  const listed = await living();
  assert.deepEqual(listed.map(({ name, issuerAccessKey }) => `${name} by ${issuerAccessKey}`).toSorted(), [
    `one by ${user.keys.accessKeyId}`,
    `two by ${user.keys.accessKeyId}`,
  ]);
  assert.doesNotMatch(JSON.stringify(listed), new RegExp(one.keys.secretAccessKey));
  assert.deepEqual([await outcome(one), await outcome(two)], ['works', 'works']);

  const first = listed.find(({ name }) => name === 'one');
  assert.equal((await owner.send('DELETE', `${path}/${first?.id}`)).status, 204);
  assert.deepEqual([await outcome(one), await outcome(two)], ['refused', 'works']);
  assert.equal((await owner.send('DELETE', `${path}/${first?.id}`)).status, 404);

  assert.equal((await owner.send('POST', `${path}/end`, {})).status, 204);
  assert.equal(await outcome(two), 'refused');
  assert.deepEqual(await living(), []);
  await sleep(2);
  const three = await takeOn(user, 'three');
  assert.equal(await outcome(three), 'works', 'whoever is trusted may take it on again');
  assert.deepEqual(
    (await living()).map(({ name }) => name),
    ['three'],
  );
});
