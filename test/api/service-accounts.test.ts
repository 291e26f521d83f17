import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditPageView } from '../../src/console-api/contract/audit.ts';
import type { CreatedS3Key, ProjectList, S3KeyList, S3KeyView, SessionView } from '../../src/console-api/contract.ts';
import type {
  CreatedServiceAccount,
  ServiceAccountList,
  ServiceAccountView,
  TokenAnswer,
} from '../../src/console-api/contract/iam.ts';
import { createAccount } from '../../src/identity/accounts.ts';
import { attachPolicy } from '../../src/identity/attachments.ts';
import { createPolicy } from '../../src/identity/policies.ts';
import { createUsers } from '../../src/identity/users.ts';
import type { AccountId } from '../../src/shared/ids.ts';
import { type Answer, type Browser, json, type Method, refused } from './browser.ts';
import { type ConsoleFixture, USER_PASSWORD, startConsole } from './console-fixture.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const make = (by: Browser, body: object = {}): Promise<CreatedServiceAccount> =>
  by.change<CreatedServiceAccount>('POST', 'service-accounts', { name: 'backup job', ...body }, 201);

const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** A program: no cookie, no origin, no CSRF token. */
const program = { cookie: null, origin: null, 'x-csrf-token': null };

function askForToken(fixture: ConsoleFixture, id: string, secret: string, form = false): Promise<Answer> {
  const rawBody = form
    ? 'grant_type=client_credentials&scope=email'
    : JSON.stringify({ grant_type: 'client_credentials' });
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
  const headers = { ...program, authorization: basic(id, secret), 'content-type': type };
  return fixture.browser().send('POST', 'auth/token', undefined, { rawBody, headers });
}

const tokenOf = async (fixture: ConsoleFixture, { clientId, clientSecret }: CreatedServiceAccount): Promise<string> =>
  json<TokenAnswer>(await askForToken(fixture, clientId, clientSecret), 200).access_token;

const as = (fixture: ConsoleFixture, token: string) => (method: Method, path: string, body?: unknown) =>
  fixture.browser().send(method, path, body, { headers: { ...program, authorization: `Bearer ${token}` } });

test('a service account is made with a secret that is shown once', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const made = await make(root, {
    description: 'nightly',
    policies: ['vStorageAPIFullAccess'],
    tokenLifespanSeconds: 600,
  });
  const { clientId, clientSecret, ...view } = made;
  assert.match(clientSecret, UUID);
  assert.equal(clientId, made.id);
  assert.deepEqual(view, {
    id: view.id,
    accountId: fixture.accountId,
    name: 'backup job',
    arn: `arn:aws:iam::${fixture.accountId}:service-account/backup job`,
    description: 'nightly',
    status: 'active',
    policies: ['vStorageAPIFullAccess'],
    inlinePolicies: [],
    boundary: null,
    tokenLifespanSeconds: 600,
    trustedAccounts: [],
    vstorageUserId: `owner-${fixture.accountId}:sa-backup job`,
    createdAt: view.createdAt,
    secretChangedAt: view.secretChangedAt,
    lastUsedAt: null,
  });
  const list = await root.send('GET', 'service-accounts?search=BACK');
  assert.deepEqual(json<ServiceAccountList>(list, 200).items, [view]);
  assert.equal(list.text.includes(clientSecret), false);
  assert.deepEqual(await root.get<ServiceAccountView>(`service-accounts/${view.id}`), view);
  refused(await root.send('POST', 'service-accounts', { name: 'Backup Job' }), 409, 'service-account-name-taken');
  refused(
    await root.send('POST', 'service-accounts', { name: 'x', trustedAccounts: ['123456789012'] }),
    400,
    'invalid-trusted-account',
  );
});

test('a program gets a token by form or JSON and uses the API with it: no cookie, no CSRF token', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const made = await make(root, { policies: ['vStorageAPIFullAccess'] });
  const answer = json<TokenAnswer>(await askForToken(fixture, made.clientId, made.clientSecret, true), 200);
  assert.deepEqual(answer, {
    access_token: answer.access_token,
    token_type: 'Bearer',
    expires_in: 1800,
    refresh_expires_in: 0,
  });
  const send = as(fixture, await tokenOf(fixture, made));
  assert.equal(json<ProjectList>(await send('GET', 'projects'), 200).items.length, 1);
  const project = { name: 'second', region: 'HAN02', class: 'gold', quotaBytes: 2 ** 30 };
  assert.equal((await send('POST', 'projects', project)).status, 201);
  refused(await send('GET', 'users'), 403, 'access-denied');
  const key = json<CreatedS3Key>(await send('POST', `projects/${fixture.projectId}/s3-keys`, {}), 201);
  assert.deepEqual(key.creator, { type: 'service-account', name: 'backup job', serviceAccountId: made.id });
  const session = json<SessionView>(await send('GET', 'session'), 200);
  assert.equal(session.identity.type, 'service-account');
  refused(await send('DELETE', 'session'), 409, 'no-session');
  refused(await send('PUT', 'session/password', { currentPassword: 'x', newPassword: 'y' }), 409, 'no-session');
  assert.notEqual((await root.get<ServiceAccountView>(`service-accounts/${made.id}`)).lastUsedAt, null);
  assert.equal((await send('DELETE', 'auth/token')).status, 204);
  refused(await send('GET', 'projects'), 401, 'invalid-token');
});

test('a token is refused for wrong credentials and grants, in the words of OAuth', async () => {
  await using fixture = await startConsole();
  const made = await make(await fixture.root());
  const wrong = await askForToken(fixture, made.clientId, '00000000-0000-4000-8000-000000000000');
  assert.equal(refused(wrong, 401, 'invalid-client').code, 'invalid-client');
  assert.match(wrong.text, /"error":"invalid_client"/);
  assert.match(String(wrong.headers['www-authenticate']), /^Basic/);
  refused(await askForToken(fixture, 'nobody', 'x'), 401, 'invalid-client');
  const headers = { ...program, authorization: basic(made.clientId, made.clientSecret) };
  const post = (body: object) => fixture.browser().send('POST', 'auth/token', body, { headers });
  refused(await post({ grant_type: 'password' }), 400, 'unsupported-grant-type');
  refused(await post({}), 400, 'invalid-request');
  const inBody = { grant_type: 'client_credentials', client_id: made.clientId, client_secret: made.clientSecret };
  assert.equal((await fixture.browser().send('POST', 'auth/token', inBody, { headers: program })).status, 200);
  refused(await as(fixture, 'vst_nonsense')('GET', 'projects'), 401, 'invalid-token');
});

test('tokens expire, and die at once with a new secret, disabling, deleting', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const made = await make(root, { tokenLifespanSeconds: 60 });
  const lives = async (token: string): Promise<boolean> => (await as(fixture, token)('GET', 'projects')).status === 200;
  const expiring = await tokenOf(fixture, made);
  assert.equal(await lives(expiring), true);
  fixture.advanceClock(60_000);
  assert.equal(await lives(expiring), false);
  const before = await tokenOf(fixture, made);
  const reset = await root.change<CreatedServiceAccount>('POST', `service-accounts/${made.id}/secret`, undefined, 201);
  assert.equal(await lives(before), false);
  refused(await askForToken(fixture, made.clientId, made.clientSecret), 401, 'invalid-client');
  const next = await tokenOf(fixture, reset);
  await root.change('PATCH', `service-accounts/${made.id}`, { status: 'disabled' }, 200);
  assert.equal(await lives(next), false);
  await root.change('PATCH', `service-accounts/${made.id}`, { status: 'active' }, 200);
  assert.equal(await lives(next), false);
  const last = await tokenOf(fixture, reset);
  await root.change('DELETE', `service-accounts/${made.id}`, undefined, 204);
  assert.equal(await lives(last), false);
});

test('a token has the rights of the moment: policies, boundary and inline policies take effect at once', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const made = await make(root);
  const send = as(fixture, await tokenOf(fixture, made));
  const mayList = async (): Promise<boolean> => (await send('GET', 'users')).status === 200;
  assert.equal(await mayList(), false);
  await root.change('PUT', `service-accounts/${made.id}/policies`, { policies: ['IAMReadOnlyAccess'] }, 200);
  assert.equal(await mayList(), true);
  await root.change('PUT', `service-accounts/${made.id}/boundary`, { policy: 'AmazonS3FullAccess' }, 204);
  assert.equal(await mayList(), false);
  await root.change('DELETE', `service-accounts/${made.id}/boundary`, undefined, 204);
  assert.equal(await mayList(), true);
  const document = { Statement: { Effect: 'Deny', Action: 'vstorage:ListUsers', Resource: '*' } };
  await root.change('PUT', `service-accounts/${made.id}/inline-policies/no`, { document }, 204);
  assert.equal(await mayList(), false);
});

test('an S3 key is attached to a service account, and then is nobody’s own', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const made = await make(root);
  const keys = `projects/${fixture.projectId}/s3-keys`;
  const alice = await fixture.user('alice');
  const key = await alice.change<CreatedS3Key>('POST', keys, {}, 201);
  const place = `${keys}/${key.id}/service-account`;
  refused(await alice.send('PUT', place, { serviceAccountId: made.id }), 403, 'access-denied');
  const attached = await root.change<S3KeyView>('PUT', place, { serviceAccountId: made.id }, 200);
  assert.deepEqual(attached.serviceAccount, { id: made.id, name: 'backup job' });
  assert.match((await root.send('GET', `${keys}/report.csv`)).text, new RegExp(`${key.id},.*,backup job\r\n`));
  refused(await root.send('PUT', place, { serviceAccountId: made.id }), 409, 'already-attached');
  assert.deepEqual((await alice.get<S3KeyList>(keys)).items, []);
  refused(await alice.send('POST', `${keys}/${key.id}/rotate`, {}), 403, 'access-denied');
  refused(await alice.send('DELETE', `${keys}/${key.id}`), 403, 'access-denied');
  const own = await as(fixture, await tokenOf(fixture, made))('GET', keys);
  assert.deepEqual(
    json<S3KeyList>(own, 200).items.map(({ id }) => id),
    [key.id],
  );
  const detached = await root.change<S3KeyView>('DELETE', place, undefined, 200);
  assert.equal(detached.serviceAccount, null);
  refused(await root.send('DELETE', place), 409, 'not-attached');
  const born = await root.change<CreatedS3Key>('POST', keys, { serviceAccountId: made.id }, 201);
  assert.equal(born.creator.type, 'service-account');
  refused(await alice.send('POST', keys, { serviceAccountId: made.id }), 403, 'access-denied');
});

/** Another root account, one of whose users may act as the service account. */
async function openTwoRoots(fixture: ConsoleFixture, made: CreatedServiceAccount) {
  const { deps, accountId } = fixture;
  const email = 'other@example.com';
  const { account } = await createAccount(deps.identity, { email, password: USER_PASSWORD });
  const theirs: AccountId = account.accountId;
  const Resource = `vstorage::${accountId}:service-account/${made.id}`;
  const Statement = { Effect: 'Allow', Action: 'vstorage:ImpersonateServiceAccount', Resource };
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  await createPolicy(deps.identity, { accountId: theirs, name: 'visit', description: '', document });
  const wanted = { accountId: theirs, usernames: ['visitor'], password: USER_PASSWORD };
  const { users } = await createUsers(deps.identity, wanted);
  const visitor = fixture.browser();
  await visitor.signIn({ type: 'iam', rootEmail: email, username: 'visitor', password: USER_PASSWORD });
  const target = { kind: 'user', id: users[0]?.userId ?? ('' as never) } as const;
  return { theirs, visitor, allow: () => attachPolicy(deps.identity, theirs, target, 'visit') };
}

test('a user of a trusted root account acts as the service account, both are recorded, and goes back', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const made = await make(root, { policies: ['IAMReadOnlyAccess'] });
  const { theirs, visitor, allow } = await openTwoRoots(fixture, made);
  const begin = () => visitor.send('POST', 'session/impersonation', { serviceAccountId: made.id });
  refused(await begin(), 403, 'impersonation-refused');
  await allow();
  refused(await begin(), 403, 'impersonation-refused');
  await root.change('PUT', `service-accounts/${made.id}/trusted-accounts`, { trustedAccounts: [theirs] }, 200);
  const session = json<SessionView>(await begin(), 200);
  assert.deepEqual([session.identity.type, session.identity.accountId], ['service-account', fixture.accountId]);
  assert.deepEqual(session.impersonator, { type: 'iam', accountId: theirs, name: 'visitor' });
  refused(await begin(), 409, 'already-impersonating');
  await visitor.get('users');
  refused(await visitor.send('POST', 'groups', { name: 'x' }), 403, 'access-denied');
  const back = await visitor.change<SessionView>('DELETE', 'session/impersonation', undefined, 200);
  assert.deepEqual([back.identity.type, back.identity.accountId, back.impersonator], ['iam', theirs, null]);
  refused(await visitor.send('GET', 'users'), 403, 'access-denied');
  const { items } = await root.get<AuditPageView>('audit?operation=CreateGroup');
  const [refusal] = items;
  assert.deepEqual(
    [refusal?.outcome, refusal?.who.type, refusal?.who.name, refusal?.who.actingAs],
    ['denied', 'service-account', 'backup job', `arn:aws:iam::${theirs}:user/visitor`],
  );
});

test('acting as a service account ends when the right to ends, and is told once', async () => {
  await using fixture = await startConsole();
  const root = await fixture.root();
  const made = await make(root, { policies: ['IAMReadOnlyAccess'] });
  const { theirs, visitor, allow } = await openTwoRoots(fixture, made);
  await allow();
  const trust = (trustedAccounts: string[]) =>
    root.change('PUT', `service-accounts/${made.id}/trusted-accounts`, { trustedAccounts }, 200);
  await trust([theirs]);
  await visitor.change('POST', 'session/impersonation', { serviceAccountId: made.id }, 200);
  const { access_token: token } = await visitor
    .change('DELETE', 'session/impersonation', undefined, 200)
    .then(() => visitor.change<TokenAnswer>('POST', 'auth/impersonation-token', { serviceAccountId: made.id }, 200));
  await visitor.change('POST', 'session/impersonation', { serviceAccountId: made.id }, 200);
  const session = json<SessionView>(await as(fixture, token)('GET', 'session'), 200);
  assert.equal(session.impersonator?.name, 'visitor');
  await trust([]);
  refused(await visitor.send('GET', 'users'), 403, 'impersonation-ended');
  assert.equal((await visitor.get<SessionView>('session')).identity.type, 'iam');
  refused(await as(fixture, token)('GET', 'users'), 401, 'invalid-token');
});
