// The decision against a slow reference written from the rules alone: sets of who may, no short cuts, no indexes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ObjectOwnership, PublicAccessBlock } from '../metadata/tables/access.ts';
import { parsePolicy, parseResourcePolicy } from '../policy/parse.ts';
import type { Acl } from '../shared/acl.ts';
import type { AccessKey, AccountId, ProjectId, S3KeyId, UserId } from '../shared/ids.ts';
import { type BucketResource, type ObjectFacts, decide } from './decide.ts';
import type { Principal } from './principal.ts';

type Who = {
  readonly kind: 'anonymous' | 'root' | 'user';
  readonly account: 'A' | 'B';
  readonly project: 'one' | 'two';
};
type Rule = {
  readonly effect: 'Allow' | 'Deny';
  readonly to: 'any' | 'A' | 'B' | 'A/ann' | 'B/ann';
  readonly action: string;
};
type Own = { readonly effect: 'Allow' | 'Deny'; readonly action: string };
type Grant = { readonly to: 'all' | 'signed' | 'A' | 'B'; readonly permission: 'READ' | 'WRITE' | 'FULL_CONTROL' };
type Scene = {
  readonly who: Who;
  readonly own: readonly Own[];
  readonly policy: readonly Rule[];
  readonly ownership: ObjectOwnership | null;
  readonly block: PublicAccessBlock | null;
  readonly bucketAcl: readonly Grant[] | null;
  readonly object: { readonly owner: 'A' | 'B'; readonly acl: readonly Grant[] | null };
  readonly action: string;
};

const accounts = { A: '111111111111' as AccountId, B: '222222222222' as AccountId };
const projects = { one: '1'.repeat(32) as ProjectId, two: '2'.repeat(32) as ProjectId };
const annOf = (account: 'A' | 'B'): UserId => `ann-${account}` as UserId;
const actions = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:DeleteObject', 's3:PutBucketPolicy'];

const action = fc.constantFrom(...actions, 's3:*', '*');
const effect = fc.constantFrom('Allow' as const, 'Deny' as const);
const grants = fc.option(
  fc.array(
    fc.record({
      to: fc.constantFrom('all' as const, 'signed' as const, 'A' as const, 'B' as const),
      permission: fc.constantFrom('READ' as const, 'WRITE' as const, 'FULL_CONTROL' as const),
    }),
    { maxLength: 2 },
  ),
);
const scenes: fc.Arbitrary<Scene> = fc.record({
  who: fc.record({
    kind: fc.constantFrom('anonymous' as const, 'root' as const, 'user' as const, 'user' as const),
    account: fc.constantFrom('A' as const, 'B' as const),
    project: fc.constantFrom('one' as const, 'two' as const),
  }),
  own: fc.array(fc.record({ effect, action }), { maxLength: 2 }),
  policy: fc.array(
    fc.record({
      effect,
      to: fc.constantFrom('any' as const, 'A' as const, 'B' as const, 'A/ann' as const, 'B/ann' as const),
      action,
    }),
    { maxLength: 3 },
  ),
  ownership: fc.constantFrom(null, 'BucketOwnerEnforced' as const, 'ObjectWriter' as const),
  block: fc.option(
    fc.record({
      blockPublicAcls: fc.boolean(),
      ignorePublicAcls: fc.boolean(),
      blockPublicPolicy: fc.boolean(),
      restrictPublicBuckets: fc.boolean(),
    }),
  ),
  bucketAcl: grants,
  object: fc.record({ owner: fc.constantFrom('A' as const, 'B' as const), acl: grants }),
  action: fc.constantFrom(...actions),
});

/** The bucket is account A's, in project one. */
function reference(scene: Scene): boolean {
  const { who, block } = scene;
  const covers = (pattern: string): boolean => pattern === '*' || pattern === 's3:*' || pattern === scene.action;
  const isHome = who.kind !== 'anonymous' && who.account === 'A' && who.project === 'one';
  if (isHome && who.kind === 'root' && scene.action === 's3:PutBucketPolicy') return true;
  const namesAccount = (to: Rule['to']): boolean => who.kind !== 'anonymous' && to === who.account;
  const namesMe = (to: Rule['to']): boolean =>
    to === 'any' || (who.kind === 'user' && to === `${who.account}/ann`) || (who.kind === 'root' && to === who.account);
  const policyDenies = scene.policy.some(
    (rule) => rule.effect === 'Deny' && covers(rule.action) && (namesMe(rule.to) || namesAccount(rule.to)),
  );
  const identityDenies = who.kind === 'user' && scene.own.some((rule) => rule.effect === 'Deny' && covers(rule.action));
  if (policyDenies || identityDenies) return false;
  const identityAllows =
    who.kind === 'root' ||
    (who.kind === 'user' && scene.own.some((rule) => rule.effect === 'Allow' && covers(rule.action)));

  const aclsOn = scene.ownership !== 'BucketOwnerEnforced';
  const content = scene.action === 's3:GetObject';
  const foreign = aclsOn && content && scene.object.owner === 'B';
  const isPublic = scene.policy.some((rule) => rule.effect === 'Allow' && rule.to === 'any');
  const shutOut =
    block?.restrictPublicBuckets === true && isPublic && (who.kind === 'anonymous' || who.account !== 'A');
  const policyAllows = (counts: (to: Rule['to']) => boolean): boolean =>
    !foreign &&
    !shutOut &&
    scene.policy.some((rule) => rule.effect === 'Allow' && covers(rule.action) && counts(rule.to));

  const usable = (list: readonly Grant[] | null): readonly Grant[] =>
    (list ?? []).filter(({ to }) => block?.ignorePublicAcls !== true || to === 'A' || to === 'B');
  const needed = content
    ? 'READ'
    : { 's3:PutObject': 'WRITE', 's3:DeleteObject': 'WRITE', 's3:ListBucket': 'READ' }[scene.action];
  const mine = who.kind !== 'anonymous' && scene.object.owner === who.account;
  const list = usable(content ? scene.object.acl : scene.bucketAcl).filter(
    ({ permission }) => needed !== undefined && (permission === needed || permission === 'FULL_CONTROL'),
  );
  const deleteBlocked = scene.action === 's3:DeleteObject' && !mine;
  const byGroup =
    aclsOn && !deleteBlocked && list.some(({ to }) => to === 'all' || (to === 'signed' && who.kind !== 'anonymous'));
  const byAccount =
    aclsOn &&
    !deleteBlocked &&
    who.kind !== 'anonymous' &&
    (list.some(({ to }) => to === who.account) || (content && mine && scene.object.acl === null));

  if (who.kind === 'anonymous') return policyAllows(namesMe) || byGroup;
  if (isHome && foreign) return byGroup || (byAccount && identityAllows);
  if (isHome) return identityAllows || policyAllows(namesMe) || byGroup;
  const granted =
    policyAllows((to) => namesMe(to) || namesAccount(to)) || byGroup || (byAccount && who.account !== 'A');
  return identityAllows && granted;
}

function principalOf({ who, own }: Scene): Principal {
  if (who.kind === 'anonymous') return { kind: 'anonymous' };
  const shared = { accountId: accounts[who.account], canonicalId: who.account, name: 'ann' };
  const statements = own.map((rule) => ({ Effect: rule.effect, Action: rule.action, Resource: '*' }));
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const policies = statements.length === 0 ? [] : [parsePolicy(document, 'own')];
  return {
    kind: 's3-key',
    identity:
      who.kind === 'root'
        ? { type: 'root', ...shared }
        : { type: 'user', ...shared, userId: annOf(who.account), path: '/', tags: [], policies, boundary: null },
    keyId: 'key' as S3KeyId,
    accessKey: 'access' as AccessKey,
    projectId: projects[who.project],
    projectTrashed: false,
    epoch: 0n,
    restriction: null,
  };
}

const written = (to: Rule['to']): string => {
  if (to === 'any') return '*';
  const [account, user] = to.split('/');
  return `arn:aws:iam::${account === 'A' ? accounts.A : accounts.B}:${user === undefined ? 'root' : 'user/ann'}`;
};

function aclOf(list: readonly Grant[] | null): Acl | null {
  const groups = { all: 'AllUsers', signed: 'AuthenticatedUsers' } as const;
  return (
    list?.map(({ to, permission }) => ({
      grantee: to === 'A' || to === 'B' ? { type: 'account', canonicalId: to } : { type: 'group', group: groups[to] },
      permission,
    })) ?? null
  );
}

function resourceOf(scene: Scene): BucketResource {
  const statements = scene.policy.map((rule) => ({
    Effect: rule.effect,
    Principal: { AWS: written(rule.to) },
    Action: rule.action,
    Resource: ['arn:aws:s3:::photos', 'arn:aws:s3:::photos/*'],
  }));
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const policy = {
    policy: parseResourcePolicy(
      statements.length === 0
        ? '{"Statement":{"Effect":"Deny","Principal":{"AWS":"333333333333"},"Action":"*","Resource":"*"}}'
        : document,
      'bucket policy',
    ),
    users: { [written('A/ann')]: annOf('A'), [written('B/ann')]: annOf('B') },
    isPublic: scene.policy.some((rule) => rule.effect === 'Allow' && rule.to === 'any'),
    readsTags: false,
  };
  const object: ObjectFacts = { ownerCanonicalId: scene.object.owner, acl: aclOf(scene.object.acl), tags: [] };
  return {
    accountId: accounts.A,
    ownerCanonicalId: 'A',
    projectId: projects.one,
    projectTrashed: false,
    access: { policy, acl: aclOf(scene.bucketAcl), ownership: scene.ownership, block: scene.block },
    object,
  };
}

const arnOf = (asked: string): string =>
  asked === 's3:ListBucket' || asked === 's3:PutBucketPolicy' ? 'arn:aws:s3:::photos' : 'arn:aws:s3:::photos/k';

test('every decision is the reference’s, whoever asks for whatever under whatever rules', () => {
  fc.assert(
    fc.property(scenes, (scene) => {
      const question = { action: scene.action, resource: arnOf(scene.action), context: new Map<string, string>() };
      const decision = decide(principalOf(scene), question, resourceOf(scene));
      assert.equal(decision.kind === 'allow', reference(scene));
    }),
    { numRuns: 20_000 },
  );
});

test('the reference allows and refuses each kind of asker often enough to mean something', () => {
  const seen = new Map<string, number>();
  for (const scene of fc.sample(scenes, { numRuns: 5000, seed: 7 })) {
    const name = `${scene.who.kind} ${scene.who.account} ${reference(scene)}`;
    seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  assert.ok(seen.size >= 12 && [...seen.values()].every((count) => count >= 20), JSON.stringify([...seen]));
});
