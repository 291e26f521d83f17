// Real decisions and simulated ones about the same questions, thrown by dice: users with random policies, buckets with
// random policies, keys with random restrictions.
import assert from 'node:assert/strict';
import { type IdentityFixture, openIdentityFixture } from './identity-fixture.ts';
import { setPolicies } from '../../src/identity/attachments.ts';
import { createPolicy } from '../../src/identity/policies.ts';
import type { RestrictionInput } from '../../src/identity/parse-restriction.ts';
import { createS3Key } from '../../src/identity/s3-keys.ts';
import { createUsers } from '../../src/identity/users.ts';
import type { IdentityRef } from '../../src/metadata/tables/identities.ts';
import { type BucketRecord, bucketKey } from '../../src/metadata/tables/objects.ts';
import { encodeRecord } from '../../src/metadata/tables/record.ts';
import {
  type AccessKey,
  type BucketName,
  type ObjectKey,
  type Region,
  type S3KeyId,
  newBucketId,
} from '../../src/shared/ids.ts';
import { changeConfiguration } from '../../src/storage/bucket-configurations.ts';
import { authorizeS3 } from '../../src/access/authorize.ts';
import { describeDecision } from '../../src/access/describe-decision.ts';
import type { RequestFacts } from '../../src/access/condition-context.ts';
import type { S3Ask } from '../../src/access/s3-resource.ts';
import { type SimulatedQuestion, simulate } from '../../src/access/simulate.ts';
import { createSignerDeps, findSigner } from '../../src/access/signers.ts';

const REGION = 'HAN02' as Region;

async function makeBucket(fixture: IdentityFixture, name: string): Promise<BucketRecord> {
  const { account, project, deps } = fixture;
  const record: BucketRecord = {
    v: 1,
    bucketId: newBucketId(),
    name: name as BucketName,
    region: REGION,
    accountId: account.accountId,
    ownerCanonicalId: account.canonicalId,
    projectId: project.projectId,
    createdAt: 0,
    versioning: 'off',
    objectLock: false,
    defaultStorageClass: 'STANDARD',
  };
  await deps.store.transact(async (transaction) => {
    transaction.put(bucketKey(REGION, record.name), encodeRecord(record));
  });
  return record;
}

/** A small generator of numbers that are the same in every run. */
function dice(seed: number): <T>(choices: readonly T[]) => T {
  let state = seed;
  return (choices) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const chosen = choices[Math.floor((state / 2 ** 32) * choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  };
}

const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket', 's3:GetBucketPolicy'];
const PATTERNS = [...ACTIONS, 's3:*', 's3:Get*', '*'];
const ADDRESSES = ['10.1.1.1', '192.0.2.7', '2001:db8::1'];
const KEYS = ['in/a', 'in/b', 'out'];
const RESOURCES = ['*', 'arn:aws:s3:::one/*', 'arn:aws:s3:::one', 'arn:aws:s3:::two/in/*', 'arn:aws:s3:::t*'];
const CONDITIONS = [
  {},
  { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
  { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
  { StringLike: { 's3:prefix': 'in/*' } },
  { DateLessThan: { 'aws:CurrentTime': '2026-06-02T00:00:00Z' } },
];

type Roll = ReturnType<typeof dice>;
const statement = (roll: Roll): object => ({
  Effect: roll(['Allow', 'Allow', 'Deny']),
  Action: roll(PATTERNS),
  Resource: roll(RESOURCES),
  Condition: roll(CONDITIONS),
});

const restrictions = (roll: Roll): RestrictionInput | null =>
  roll([
    null,
    null,
    { buckets: ['one'] },
    { buckets: ['two'], prefix: 'in/' },
    { allow: [roll(['read', 'write', 'list', 'delete'] as const)] },
    { networks: ['10.0.0.0/8'] },
    { hours: { from: '06:00', to: '18:00' } },
    { policy: { Statement: [statement(roll), { Effect: 'Allow', Action: 's3:Get*', Resource: '*' }] } },
  ]);

type Key = { readonly id: S3KeyId; readonly accessKey: AccessKey };
type World = { readonly buckets: ReadonlyMap<string, BucketRecord>; readonly keys: readonly Key[] };

/** Buckets, users and keys, each with policies and restrictions by chance. */
async function makeWorld(fixture: IdentityFixture, roll: Roll): Promise<World> {
  const buckets = new Map<string, BucketRecord>();
  for (const name of ['one', 'two']) buckets.set(name, await makeOpenBucket(fixture, name, roll));
  const { deps, account, project } = fixture;
  const { accountId } = account;
  const usernames = Array.from({ length: 8 }, (_, index) => `person${index}`);
  const { users } = await createUsers(deps, { accountId, usernames });
  for (const { userId } of users) {
    const name = `policy-${userId}`;
    const document = JSON.stringify({ Statement: [statement(roll), statement(roll), statement(roll)] });
    await createPolicy(deps, { accountId, name, description: '', document });
    await setPolicies(deps, accountId, { kind: 'user', id: userId }, [name]);
  }
  const creators: IdentityRef[] = [{ type: 'root' }, ...users.map(({ userId }) => ({ type: 'user', userId }) as const)];
  const keys: Key[] = [];
  for (const creator of [...creators, ...creators, ...creators]) {
    const facts = { accountId, projectId: project.projectId, creator, restriction: restrictions(roll) };
    keys.push((await createS3Key(deps, facts)).record);
  }
  return { buckets, keys };
}

async function makeOpenBucket(fixture: IdentityFixture, name: string, roll: Roll): Promise<BucketRecord> {
  const bucket = await makeBucket(fixture, name);
  const Resource = [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`];
  const statements = [statement(roll), statement(roll)].map((each) => ({ ...each, Resource, Principal: '*' }));
  const value = { v: 1, document: JSON.stringify({ Statement: statements }), users: {} } as const;
  const where = { ...fixture.deps, region: REGION };
  await changeConfiguration(where, { bucket, name: 'policy', value, guard: async () => {} });
  return { ...bucket, revision: 1 };
}

type Case = {
  readonly key: Key;
  readonly ask: S3Ask;
  readonly facts: RequestFacts;
  /** the same for the simulator */
  readonly question: SimulatedQuestion;
};

function randomCase({ buckets, keys }: World, roll: Roll): Case {
  const [name, objectKey, action] = [roll(['one', 'two']), roll(KEYS), roll(ACTIONS)];
  const onObject = action.endsWith('Object');
  const clientAddress = roll(ADDRESSES);
  const receivedAt = Date.parse('2026-06-01T00:00:00Z') + roll([0, 7, 13, 30]) * 3_600_000;
  const prefix = action === 's3:ListBucket' ? roll(['', 'in/', 'out']) : '';
  const key = onObject ? (objectKey as ObjectKey) : null;
  return {
    key: roll(keys),
    ask: { action, bucket: name as BucketName, key, record: buckets.get(name) ?? null },
    facts: {
      receivedAt,
      clientAddress,
      secure: true,
      headers: new Map(),
      query: new Map(prefix === '' ? [] : [['prefix', prefix]]),
    },
    question: {
      action,
      resource: `arn:aws:s3:::${name}${onObject ? `/${objectKey}` : ''}`,
      conditions: {
        'aws:SourceIp': clientAddress,
        'aws:CurrentTime': new Date(receivedAt).toISOString(),
        ...(prefix === '' ? {} : { 's3:prefix': prefix }),
      },
    },
  };
}

/** Puts `rounds` questions to both and fails at the first on which they disagree. */
export async function agree(rounds: number): Promise<void> {
  await using fixture = await openIdentityFixture({ 'keys-per-account': 100, 'policies-per-account': 100 });
  const { accountId } = fixture.account;
  const roll = dice(20_261_123);
  const world = await makeWorld(fixture, roll);
  const signers = createSignerDeps(fixture.deps);
  const seen = { allowed: 0, refused: 0 };
  for (let round = 0; round < rounds; round++) {
    const { key, ask, facts, question } = randomCase(world, roll);
    const found = await findSigner(signers, key.accessKey);
    assert.ok(found);
    const real = await authorizeS3(signers, found.principal, [ask], facts).then(
      () => true,
      () => false,
    );
    const simulated = await simulate(fixture.deps, accountId, { type: 's3-key', keyId: key.id }, question);
    assert.equal(describeDecision(simulated, question, accountId).allowed, real, JSON.stringify(question));
    seen[real ? 'allowed' : 'refused']++;
  }
  // questions that all have the same answer would show nothing
  assert.ok(Math.min(seen.allowed, seen.refused) > rounds / 10, JSON.stringify(seen));
}
