// The decision against a slow and simple one, written from the rules as docs/iam.md tells them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePolicy, parseResourcePolicy } from '../policy/parse.ts';
import type { Policy } from '../policy/policy.ts';
import type { AccountId, ProjectId, RoleId, ServiceAccountId, UserId } from '../shared/ids.ts';
import type { BucketPolicy } from './bucket-access.ts';
import { type BucketResource, decide } from './decide.ts';
import type { Identity } from './principal.ts';

const HOME = '111111111111';
const AWAY = '222222222222';

type Rule = { readonly effect: 'Allow' | 'Deny'; readonly action: string; readonly resource: string };
type BucketRule = Rule & { readonly to: keyof typeof written };
type Who = {
  readonly type: Identity['type'];
  readonly own: readonly Rule[];
  readonly groups: readonly (readonly Rule[])[];
  readonly boundary: readonly Rule[] | null;
  readonly session: readonly (readonly Rule[])[] | null;
};
type Scene = {
  readonly who: Who;
  readonly bucket: readonly BucketRule[];
  readonly away: boolean;
  readonly action: string;
};

const written = {
  everybody: '*',
  account: HOME,
  user: `arn:aws:iam::${HOME}:user/ann`,
  'service-account': `arn:aws:iam::${HOME}:service-account/ann`,
  role: `arn:aws:iam::${HOME}:role/ann`,
  session: `arn:aws:sts::${HOME}:assumed-role/ann/now`,
  'another session': `arn:aws:sts::${HOME}:assumed-role/ann/then`,
  'another user': `arn:aws:iam::${HOME}:user/bob`,
} as const;
const named = {
  [written.user]: 'u' as UserId,
  [written['service-account']]: 's' as ServiceAccountId,
  [written.role]: 'r' as RoleId,
  [written.session]: 'r' as RoleId,
  [written['another session']]: 'r' as RoleId,
  [written['another user']]: 'b' as UserId,
};

// ── the reference ──

const BUCKET = 'arn:aws:s3:::photos';
const hits = ({ action, resource }: Rule, asked: string): boolean =>
  (action === asked || action === 's3:*') && (resource === '*' || resource === `${BUCKET}/*`);
const allows = (rules: readonly Rule[], asked: string): boolean =>
  rules.some((rule) => rule.effect === 'Allow' && hits(rule, asked));
const denies = (rules: readonly Rule[], asked: string): boolean =>
  rules.some((rule) => rule.effect === 'Deny' && hits(rule, asked));

function isMe(to: BucketRule['to'], type: Identity['type']): boolean {
  if (to === 'everybody') return true;
  if (to === 'account') return type === 'root';
  return to === type || (to === 'session' && type === 'role');
}

function expected({ who, bucket, away, action }: Scene): boolean {
  const isRoot = who.type === 'root';
  const mine = isRoot ? [] : [...who.own, ...who.groups.flat()];
  const boundary = isRoot ? null : who.boundary;
  const session = who.type === 'role' ? who.session : null;
  const aboutMe = bucket.filter(({ to }) => to === 'account' || isMe(to, who.type));
  if ([mine, boundary ?? [], (session ?? []).flat(), aboutMe].some((rules) => denies(rules, action))) return false;
  const withinLimits =
    (boundary === null || allows(boundary, action)) && (session === null || allows(session.flat(), action));
  const byIdentity = isRoot || (allows(mine, action) && withinLimits);
  if (away) return byIdentity && allows(aboutMe, action);
  const given = bucket.filter(({ to }) => isMe(to, who.type));
  const toTheRole =
    allows(
      given.filter(({ to }) => to === 'role'),
      action,
    ) && withinLimits;
  return (
    byIdentity ||
    toTheRole ||
    allows(
      given.filter(({ to }) => to !== 'role'),
      action,
    )
  );
}

// ── the decision ──

const policyOf = (name: string, rules: readonly Rule[]): Policy =>
  parsePolicy(
    JSON.stringify({
      Statement: rules.map(({ effect: Effect, action: Action, resource: Resource }) => ({ Effect, Action, Resource })),
    }),
    name,
  );
const policiesOf = (lists: readonly (readonly Rule[])[]): Policy[] =>
  lists.filter((rules) => rules.length > 0).map((rules, index) => policyOf(`p${index}`, rules));

function identityOf({ type, own, groups, boundary, session }: Who): Identity {
  const owned = { accountId: HOME as AccountId, canonicalId: 'c', name: 'ann' };
  if (type === 'root') return { type, ...owned };
  const rights = {
    policies: policiesOf([own, ...groups]),
    boundary:
      boundary === null ? null : (policiesOf([boundary])[0] ?? { name: 'none', variables: false, statements: [] }),
  };
  if (type === 'user') return { type, ...owned, ...rights, userId: 'u' as UserId, path: '/', tags: [] };
  if (type === 'service-account') return { type, ...owned, ...rights, serviceAccountId: 's' as ServiceAccountId };
  const sessionPolicies = session === null ? null : policiesOf(session);
  return { type, ...owned, ...rights, roleId: 'r' as RoleId, sessionName: 'now', path: '/', tags: [], sessionPolicies };
}

function resourceOf({ bucket, away }: Scene): BucketResource {
  return {
    accountId: (away ? AWAY : HOME) as AccountId,
    ownerCanonicalId: away ? 'd' : 'c',
    projectId: 'p' as ProjectId,
    projectTrashed: false,
    access: { policy: bucketPolicyOf(bucket), acl: null, ownership: 'BucketOwnerEnforced', block: null },
    object: null,
  };
}

function bucketPolicyOf(bucket: readonly BucketRule[]): BucketPolicy | null {
  if (bucket.length === 0) return null;
  const Statement = bucket.map(({ effect: Effect, action: Action, resource: Resource, to }) => {
    return { Effect, Action, Resource, Principal: { AWS: written[to] } };
  });
  const policy = parseResourcePolicy(JSON.stringify({ Statement }), 'bucket policy');
  return { policy, users: named, isPublic: false, readsTags: false };
}

function decided(scene: Scene): boolean {
  const principal = { kind: 'session', identity: identityOf(scene.who) } as const;
  const question = { action: scene.action, resource: `${BUCKET}/k`, context: new Map<string, string>() };
  return decide(principal, question, resourceOf(scene)).kind === 'allow';
}

// ── scenes ──

const ACTIONS = ['s3:GetObject', 's3:PutObject'];
const ruleParts = {
  effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Allow', 'Allow', 'Allow', 'Allow', 'Deny'),
  action: fc.constantFrom(...ACTIONS, 's3:*', 's3:*', 's3:DeleteObject'),
  resource: fc.constantFrom('*', '*', `${BUCKET}/*`, 'arn:aws:s3:::other/*'),
} as const;
const rules = fc.array(fc.record(ruleParts), { maxLength: 2 });
const scenes = fc.record({
  who: fc.record({
    type: fc.constantFrom('root', 'user', 'service-account', 'role'),
    own: rules,
    groups: fc.array(rules, { maxLength: 2 }),
    boundary: fc.option(rules),
    session: fc.option(fc.array(rules, { maxLength: 2 })),
  }),
  bucket: fc.array(fc.record({ ...ruleParts, to: fc.constantFrom(...(Object.keys(written) as BucketRule['to'][])) }), {
    maxLength: 3,
  }),
  away: fc.boolean(),
  action: fc.constantFrom(...ACTIONS),
});

test('identities with groups, boundaries and session policies are decided as the rules say', () => {
  const seen = new Map<string, number>();
  const check = (scene: Scene): void => {
    const wanted = expected(scene);
    assert.equal(decided(scene), wanted);
    const kind = `${scene.who.type} ${wanted}`;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
  };
  fc.assert(fc.property(scenes, check), { seed: 20_261_123, numRuns: 5000 });
  // of each kind many are allowed and many refused
  for (const type of ['user', 'service-account', 'role']) {
    for (const answer of [true, false])
      assert.ok((seen.get(`${type} ${answer}`) ?? 0) > 100, JSON.stringify([...seen]));
  }
});
