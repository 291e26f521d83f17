// Real decisions and simulated ones about the same questions, thrown by dice: users in groups, service accounts and roles
// with random policies and boundaries, buckets whose policies name them, keys with random restrictions.
import assert from 'node:assert/strict';
import { ACTIONS, type Roll, dice, makeIdentities, statement, times } from './random-identities.ts';
import { type IdentityFixture, openIdentityFixture } from './identity-fixture.ts';
import { attachS3Key } from '../../src/identity/attach-s3-key.ts';
import { loadIdentity } from '../../src/identity/load-identity.ts';
import type { RestrictionInput } from '../../src/identity/parse-restriction.ts';
import { createS3Key } from '../../src/identity/s3-keys.ts';
import type { IdentityRef } from '../../src/metadata/tables/identities.ts';
import { type BucketRecord, bucketKey } from '../../src/metadata/tables/objects.ts';
import { encodeRecord } from '../../src/metadata/tables/record.ts';
import {
  type AccessKey,
  type AccountId,
  type BucketName,
  type ObjectKey,
  type Region,
  type S3KeyId,
  newBucketId,
} from '../../src/shared/ids.ts';
import { changeConfiguration } from '../../src/storage/bucket-configurations.ts';
import { parseResourcePolicy } from '../../src/policy/parse.ts';
import { authorizeS3 } from '../../src/access/authorize.ts';
import { findNamedIdentities } from '../../src/access/named-identities.ts';
import { actAs } from '../../src/access/s3-actor.ts';
import { describeDecision } from '../../src/access/describe-decision.ts';
import type { RequestFacts } from '../../src/access/condition-context.ts';
import type { S3Ask } from '../../src/access/s3-resource.ts';
import { type SimulatedQuestion, simulate } from '../../src/access/simulate.ts';
import { type SignerDeps, createSignerDeps, findSigner } from '../../src/access/signers.ts';

const ADDRESSES = ['10.1.1.1', '192.0.2.7', '2001:db8::1'];
const KEYS = ['in/a', 'in/b', 'out'];
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

/** A key that signs, or somebody whose session asks. */
type Asker =
  | { readonly type: 'key'; readonly id: S3KeyId; readonly accessKey: AccessKey }
  | { readonly type: 'identity'; readonly ref: IdentityRef };
type World = { readonly buckets: ReadonlyMap<string, BucketRecord>; readonly askers: readonly Asker[] };

async function makeWorld(fixture: IdentityFixture, roll: Roll): Promise<World> {
  const identities = await makeIdentities(fixture, roll);
  const buckets = new Map<string, BucketRecord>();
  for (const name of ['one', 'two']) buckets.set(name, await makeOpenBucket(fixture, name, roll));
  const { deps, account, project } = fixture;
  const { accountId } = account;
  const askers: Asker[] = identities.map((ref) => ({ type: 'identity', ref }));
  const creators = [{ type: 'root' } as const, ...identities.filter(({ type }) => type !== 'role')];
  for (const creator of [...creators, ...creators, ...creators]) {
    const facts = { accountId, projectId: project.projectId, creator, restriction: restrictions(roll) };
    const { record } = await createS3Key(deps, facts);
    askers.push({ type: 'key', id: record.id, accessKey: record.accessKey });
    const jobs = identities.flatMap((ref) => (ref.type === 'service-account' ? [ref.serviceAccountId] : []));
    if (creator.type !== 'service-account' && roll([true, false, false])) {
      await attachS3Key(deps, { accountId, id: record.id }, roll(jobs));
    }
  }
  return { buckets, askers };
}

/** Whom a bucket policy speaks of. */
const principals = (roll: Roll, accountId: AccountId): string =>
  roll([
    '*',
    accountId,
    `arn:aws:iam::${accountId}:user/person${roll([0, 1, 2])}`,
    `arn:aws:iam:::user/root-${accountId}:sa-job${roll([0, 1])}`,
    `arn:aws:iam::${accountId}:role/role${roll([0, 1])}`,
    `arn:aws:sts::${accountId}:assumed-role/role${roll([0, 1])}/now`,
  ]);

async function makeOpenBucket(fixture: IdentityFixture, name: string, roll: Roll): Promise<BucketRecord> {
  const bucket = await makeBucket(fixture, name);
  const { accountId } = fixture.account;
  const Resource = [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`];
  const Statement = times(4).map(() => {
    return { ...statement(roll), Resource, Principal: { AWS: principals(roll, accountId) } };
  });
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  const { store } = fixture.deps;
  const policy = parseResourcePolicy(document, 'bucket policy');
  const users = await store.read((snapshot) => findNamedIdentities(snapshot, policy));
  const where = { ...fixture.deps, region: REGION };
  const value = { v: 1, document, users } as const;
  await changeConfiguration(where, { bucket, name: 'policy', value, guard: async () => {} });
  return { ...bucket, revision: 1 };
}

type Case = {
  readonly asker: Asker;
  readonly ask: S3Ask;
  readonly facts: RequestFacts;
  /** the same for the simulator */
  readonly question: SimulatedQuestion;
};

function randomCase({ buckets, askers }: World, roll: Roll): Case {
  const [name, objectKey, action] = [roll(['one', 'two']), roll(KEYS), roll(ACTIONS)];
  const onObject = action.endsWith('Object');
  const clientAddress = roll(ADDRESSES);
  const receivedAt = Date.parse('2026-06-01T00:00:00Z') + roll([0, 7, 13, 30]) * 3_600_000;
  const prefix = action === 's3:ListBucket' ? roll(['', 'in/', 'out']) : '';
  const key = onObject ? (objectKey as ObjectKey) : null;
  return {
    asker: roll(askers),
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

async function reallyAllows(
  fixture: IdentityFixture,
  signers: SignerDeps,
  { asker, ask, facts }: Case,
): Promise<boolean> {
  if (asker.type === 'key') {
    const found = await findSigner(signers, asker.accessKey);
    assert.ok(found);
    return authorizeS3(signers, found.principal, [ask], facts).then(
      () => true,
      () => false,
    );
  }
  const { deps, account } = fixture;
  const identity = await deps.store.read((snapshot) => loadIdentity(snapshot, account.accountId, asker.ref));
  assert.ok(identity);
  return actAs(deps, identity, facts).allows(ask);
}

/** Puts `rounds` questions to both and fails at the first on which they disagree. */
export async function agree(rounds: number): Promise<void> {
  await using fixture = await openIdentityFixture({ 'keys-per-account': 100, 'policies-per-account': 100 });
  const { accountId } = fixture.account;
  const roll = dice(20_261_123);
  const world = await makeWorld(fixture, roll);
  const signers = createSignerDeps(fixture.deps);
  const seen = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const made = randomCase(world, roll);
    const { asker, question } = made;
    const real = await reallyAllows(fixture, signers, made);
    const who = asker.type === 'key' ? ({ type: 's3-key', keyId: asker.id } as const) : asker.ref;
    const simulated = await simulate(fixture.deps, accountId, who, question);
    assert.equal(describeDecision(simulated, question, accountId).allowed, real, JSON.stringify({ who, question }));
    const kind = `${real ? 'allowed' : 'refused'} ${who.type}`;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
  }
  // questions that all have the same answer would show nothing
  for (const type of ['s3-key', 'user', 'service-account', 'role']) {
    for (const answer of ['allowed', 'refused']) {
      assert.ok((seen.get(`${answer} ${type}`) ?? 0) > rounds / 200, JSON.stringify([...seen]));
    }
  }
}
