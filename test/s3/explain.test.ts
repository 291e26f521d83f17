// Why a request was refused can be asked for by its request id: one test for each thing that can be wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RefusalRecord } from '../../src/explain/refusal.ts';
import { type RawReply, type RawRequest, rawS3 } from '../support/raw-s3.ts';
import { openTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let accounts: TwoAccounts;
let bucket: string;
before(async () => {
  accounts = await openTwoAccounts();
  bucket = await accounts.bucket();
  await accounts.owner.root({ method: 'PUT', path: `/${bucket}/key`, body: 'x' });
});
after(() => accounts[Symbol.asyncDispose]());

const cli = async (...args: string[]): Promise<unknown> => accounts.s3.server?.cli(args);

/** Within two seconds of the refusal, by another process than the one that refused. */
async function explain(reply: RawReply): Promise<RefusalRecord> {
  assert.ok(reply.status === 403 || reply.status === 400, `${reply.status} ${reply.code}`);
  const id = String(reply.headers['x-amz-request-id']);
  const end = performance.now() + 4_000;
  for (;;) {
    try {
      return (await cli('explain', id)) as RefusalRecord;
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(200);
    }
  }
}

type Signing = {
  readonly request?: Partial<RawRequest>;
  readonly cause: string;
  readonly step: string;
  readonly variant?: string;
  readonly facts?: Readonly<Record<string, RegExp | string>>;
};

const longName = 'a b+c%25 é';
const path = (): string => `/${bucket}/${encodeURIComponent(longName)}`;

/** Each is a mistake of a client, or of what stands between. */
const signing: Readonly<Record<string, () => Signing>> = {
  'a wrong secret': () => ({
    request: { credentials: { secretKey: 'x'.repeat(40) } },
    cause: 'signature-unexplained',
    step: 'check-secret',
  }),
  'a secret with a line break behind it': () => ({
    request: { credentials: { secretKey: `${accounts.owner.key.secretKey}\n` } },
    cause: 'signature-explained',
    step: 'check-secret',
    variant: 'secret-with-blank',
  }),
  'a proxy that changes the Host header': () => ({
    request: { tamper: { headers: { host: '127.0.0.1:1' }, unsignedHeaders: { 'x-forwarded-host': hostOf() } } },
    cause: 'signature-explained',
    step: 'let-proxy-keep-host',
  }),
  'a Host header that lost its port on the way': () => ({
    request: { tamper: { headers: { host: 'localhost' } } },
    cause: 'signature-explained',
    step: 'let-proxy-keep-host',
    variant: 'host-with-listener-port',
  }),
  'a path that the client encoded twice': () => ({
    request: { path: path().replaceAll('%', '%25'), tamper: { path: path() } },
    cause: 'signature-explained',
    step: 'let-proxy-keep-path',
    variant: 'path-double-encoded',
  }),
  'a path that a proxy collapsed': () => ({
    request: { path: `/${bucket}//a/./key`, tamper: { path: `/${bucket}/a/key` } },
    cause: 'signature-unexplained',
    step: 'let-proxy-keep-path',
  }),
  'a final slash that was added': () => ({
    request: { path: `/${bucket}`, tamper: { path: `/${bucket}/` } },
    cause: 'signature-explained',
    step: 'let-proxy-keep-path',
    variant: 'path-without-final-slash',
  }),
  'another method than the one that was signed': () => ({
    request: { method: 'GET', tamper: { method: 'DELETE' } },
    cause: 'signature-explained',
    step: 'sign-as-matched',
    variant: 'other-method',
  }),
  'a content type that a library added a charset to': () => ({
    request: {
      method: 'PUT',
      body: '<a/>',
      headers: { 'content-type': 'application/xml' },
      tamper: { headers: { 'content-type': 'application/xml; charset=utf-8' } },
    },
    cause: 'signature-explained',
    step: 'let-proxy-keep-headers',
    variant: 'header-changed',
  }),
  'a parameter that was added after signing': () => ({
    request: { auth: 'presigned', tamper: { authorization: (query) => `${query}&utm_source=mail` } },
    cause: 'signature-explained',
    step: 'sign-as-matched',
    variant: 'query-parameter-added',
    facts: { parameter: 'utm_source' },
  }),
  'a clock that is an hour late': () => ({
    request: { skewMs: -3_600_000 },
    cause: 'clock-skew',
    step: 'fix-clock',
    facts: { RequestTime: /^\d{8}T\d{6}Z$/ },
  }),
  'another region': () => ({
    request: { credentials: { region: 'eu-west-1' } },
    cause: 'wrong-region',
    step: 'set-region',
    facts: { given: 'eu-west-1', expected: 'HAN02' },
  }),
  'another service': () => ({
    request: { credentials: { service: 'ec2' } },
    cause: 'wrong-service',
    step: 'set-service',
    facts: { given: 'ec2' },
  }),
  'an x-amz header that was not signed': () => ({
    request: { tamper: { unsignedHeaders: { 'x-amz-acl': 'private' } } },
    cause: 'headers-not-signed',
    step: 'sign-headers',
    facts: { headers: 'x-amz-acl' },
  }),
  'a presigned URL whose time is over': () => ({
    request: { auth: 'presigned', expiresSeconds: 60, skewMs: -3_600_000 },
    cause: 'presigned-expired',
    step: 'sign-url-again',
  }),
  'a session token that belongs to nothing': () => ({
    request: { headers: { 'x-amz-security-token': 'made-up' } },
    cause: 'session-token-wrong',
    step: 'send-session-token',
  }),
  'a body that is not the one that was signed': () => ({
    request: { method: 'PUT', body: 'hello', tamper: { wire: (bytes) => Buffer.from(bytes.toString().toUpperCase()) } },
    cause: 'payload-changed',
    step: 'check-body',
  }),
  'an authorization that is broken': () => ({
    request: { tamper: { authorization: (text) => text.replace('SignedHeaders', 'SigndHeaders') } },
    cause: 'malformed-authorization',
    step: 'read-message',
  }),
};

const hostOf = (): string => new URL(accounts.s3.url).host;

for (const [name, make] of Object.entries(signing)) {
  test(`explains ${name}`, async () => {
    const { request, cause, step, variant, facts } = make();
    const reply = await accounts.owner.root({ path: `/${bucket}/key`, ...request });
    const record = await explain(reply);
    const { explanation } = record;
    assert.equal(explanation.cause, cause, JSON.stringify(explanation));
    assert.ok((explanation.nextSteps as readonly string[]).includes(step), explanation.nextSteps.join());
    if (variant !== undefined) assert.equal(explanation.facts['variant'], variant);
    const all = { ...explanation.facts, ...explanation.signature?.matched?.facts };
    for (const [fact, value] of Object.entries(facts ?? {})) {
      if (typeof value === 'string') assert.equal(all[fact], value);
      else assert.match(all[fact] ?? '', value);
    }
    assert.equal(record.accountId, accounts.owner.accountId);
  });
}

test('shows what the server built, and neither the secret nor a signature', async () => {
  const { key, root } = accounts.owner;
  let given = '';
  const reply = await root({
    path: `/${bucket}/key`,
    credentials: { secretKey: 'y'.repeat(40) },
    tamper: {
      signature: (signature) => {
        given = signature;
        return signature;
      },
    },
  });
  const record = await explain(reply);
  const { signature } = record.explanation;
  assert.equal(signature?.canonicalRequest, reply.field('CanonicalRequest'));
  assert.equal(signature?.stringToSign, reply.field('StringToSign'));
  assert.ok((signature?.tried ?? 0) > 50);
  assert.equal(given.length, 64);
  const text = JSON.stringify(record);
  for (const secret of [key.secretKey, given, 'y'.repeat(40)]) assert.ok(!text.includes(secret));
});

test('names the key whose secret was taken for another', async () => {
  const { server } = accounts.s3;
  const other = (await server?.cli([
    ...['s3-key', 'create', '--account', accounts.owner.email, '--project', 'default'],
  ])) as { id: string; accessKey: string; secretKey: string };
  const reply = await accounts.owner.root({ path: `/${bucket}/key`, credentials: { secretKey: other.secretKey } });
  const { explanation } = await explain(reply);
  assert.equal(explanation.facts['variant'], 'secret-of-another-key');
  assert.equal(explanation.signature?.matched?.facts['keyId'], other.id);
});

test('a disabled key and an unknown one are told apart, and only the first belongs to an account', async () => {
  const made = (await cli('s3-key', 'create', '--account', accounts.owner.email, '--project', 'default')) as {
    id: string;
    accessKey: string;
    secretKey: string;
  };
  await cli('s3-key', 'disable', made.id);
  const send = (accessKey: string) => rawS3({ ...accounts.s3, ...made, accessKey })({ path: `/${bucket}/key` });
  const disabled = await explain(await send(made.accessKey));
  assert.deepEqual([disabled.explanation.cause, disabled.accountId], ['key-disabled', accounts.owner.accountId]);
  const unknown = await explain(await send('AKIANOBODYHASIT'));
  assert.deepEqual([unknown.explanation.cause, unknown.accountId], ['unknown-access-key', null]);
});

type Layers = Readonly<Record<string, string>>;
const inTheWay = ({ explanation }: RefusalRecord): readonly string[] =>
  explanation.decision?.layers.flatMap(({ layer, standsInTheWay }) => (standsInTheWay ? [layer] : [])) ?? [];
const says = ({ explanation }: RefusalRecord): Layers =>
  Object.fromEntries(explanation.decision?.layers.map(({ layer, says: text }) => [layer, text]) ?? []);

test('that no policy allows it: the policies of the identity stand in the way', async () => {
  const user = await accounts.user(accounts.owner, 'nothing');
  const record = await explain(await user({ path: `/${bucket}/key` }));
  assert.equal(record.explanation.cause, 'no-allow');
  assert.deepEqual(record.explanation.nextSteps, ['attach-allowing-policy']);
  assert.deepEqual(inTheWay(record), ['identity-policies']);
  assert.equal(record.explanation.decision?.action, 's3:GetObject');
});

test('the statement that denies it is quoted', async () => {
  const statements = [
    { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    { Sid: 'NoDeletes', Effect: 'Deny', Action: 's3:Delete*', Resource: '*' },
  ];
  const user = await accounts.user(accounts.owner, 'no-deletes', statements);
  const record = await explain(await user({ method: 'DELETE', path: `/${bucket}/key` }));
  const { cause, decision } = record.explanation;
  assert.equal(cause, 'explicit-deny');
  assert.equal(decision?.decidedBy?.sid, 'NoDeletes');
  assert.deepEqual(decision?.decidedBy?.statement?.['Action'], ['s3:Delete*']);
});

test('a bucket policy that denies it is named, and stands in the way', async () => {
  const denied = await accounts.bucket();
  await accounts.putPolicy(denied, [
    { Sid: 'Closed', Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${denied}/*` },
  ]);
  const record = await explain(await accounts.owner.root({ path: `/${denied}/key` }));
  assert.equal(record.explanation.cause, 'explicit-deny');
  assert.equal(record.explanation.decision?.decidedBy?.policy, 'bucket policy');
  assert.deepEqual(inTheWay(record), ['bucket-policy']);
});

test('a bucket of another account: its policy is not shown, and its owner is to be asked', async () => {
  const reply = await accounts.other.root({ path: `/${bucket}/key` });
  const record = await explain(reply);
  assert.equal(record.explanation.cause, 'other-account');
  assert.deepEqual(record.explanation.nextSteps, ['ask-bucket-owner']);
  assert.equal(record.accountId, accounts.other.accountId);
});

test('a restricted key: the restriction stands in the way', async () => {
  const made = (await cli(
    ...['s3-key', 'create', '--account', accounts.owner.email, '--project', 'default', '--allow', 'read'],
  )) as { accessKey: string; secretKey: string };
  const record = await explain(
    await rawS3({ ...accounts.s3, ...made })({ method: 'PUT', path: `/${bucket}/new`, body: 'x' }),
  );
  assert.equal(record.explanation.cause, 'key-restriction');
  assert.deepEqual(inTheWay(record), ['key-restriction']);
});

test('public access that is blocked is told from a bucket that is not public', async () => {
  const open = await accounts.bucket('open');
  const anybody = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${open}/*` }];
  await accounts.putPolicy(open, anybody);
  await accounts.owner.root({
    method: 'PUT',
    path: `/${open}`,
    query: 'publicAccessBlock',
    body: '<PublicAccessBlockConfiguration><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>',
  });
  const blocked = await explain(await accounts.stranger({ path: `/${open}/key` }));
  assert.equal(blocked.explanation.cause, 'public-access-blocked');
  assert.deepEqual(inTheWay(blocked), ['public-access-block']);
  const closed = await explain(await accounts.stranger({ path: `/${bucket}/key` }));
  assert.equal(closed.explanation.cause, 'anonymous');
  assert.equal(closed.accountId, accounts.owner.accountId);
  assert.equal(says(closed)['bucket-policy'], 'not-set');
});

test('a key of another project, and a project in the trash', async () => {
  const project = (await cli('project', 'create', '--account', accounts.owner.email, '--name', 'second')) as {
    projectId: string;
  };
  const key = (await cli(
    ...['s3-key', 'create', '--account', accounts.owner.email, '--project', project.projectId],
  )) as { accessKey: string; secretKey: string };
  const send = rawS3({ ...accounts.s3, ...key });
  assert.equal((await explain(await send({ path: `/${bucket}/key` }))).explanation.cause, 'other-project');
  await cli('project', 'delete', project.projectId, '--yes');
  assert.equal((await explain(await send({ path: '/' }))).explanation.cause, 'project-in-trash');
});
