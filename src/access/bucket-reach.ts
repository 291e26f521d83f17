// Who can reach a bucket: everybody who might is asked about, by the function that decides requests. About objects the
// question names one that no policy names in particular.
import { listS3Keys } from '../identity/s3-keys.ts';
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { listServiceAccounts } from '../identity/service-accounts.ts';
import { listUsers } from '../identity/users.ts';
import { accountByCanonicalIdKey } from '../metadata/tables/identities.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import type { AccountId, ObjectKey } from '../shared/ids.ts';
import { configurationsOf } from '../storage/bucket-configurations.ts';
import { decideS3 } from './authorize.ts';
import { bucketAccessOf } from './bucket-access.ts';
import type { RequestFacts } from './condition-context.ts';
import { describeDecision } from './describe-decision.ts';
import { accountsIn, readAccountId, readOwnerNames } from './owner-names.ts';
import type { Principal } from './principal.ts';
import { askOf } from './s3-actor.ts';
import { storeReader } from './s3-resource.ts';
import { type SimulatedAsker, simulate } from './simulate.ts';

const ANY_KEY = 'any object';
const actions = {
  list: 's3:ListBucket',
  read: 's3:GetObject',
  write: 's3:PutObject',
  delete: 's3:DeleteObject',
  manage: 's3:PutBucketPolicy',
} as const;

export type Right = keyof typeof actions;
const rights: readonly Right[] = ['list', 'read', 'write', 'delete', 'manage'];

export type Reacher = {
  readonly type: 'anonymous' | 'any-account' | 'account' | 'root' | 'user' | 'service-account' | 's3-key';
  readonly id: string | null;
  readonly name: string;
  readonly rights: Readonly<Record<Right, { readonly allowed: boolean; readonly reason: string }>>;
};

/** Of each kind. */
const MOST = 200;

type Deps = Pick<IdentityDeps, 'clock'> & IdentityDeps;
type Who = Pick<Reacher, 'type' | 'id' | 'name'>;
type Answer = Reacher['rights'][Right];

const isAboutObject = (right: Right): boolean => right === 'read' || right === 'write' || right === 'delete';

async function reacherOf(who: Who, ask: (right: Right) => Promise<Answer>): Promise<Reacher> {
  const [list, read, write, remove, manage] = await Promise.all(rights.map(ask));
  const none = { allowed: false, reason: '' };
  return {
    ...who,
    rights: {
      list: list ?? none,
      read: read ?? none,
      write: write ?? none,
      delete: remove ?? none,
      manage: manage ?? none,
    },
  };
}

/** Somebody of the bucket's own account. */
function insider(deps: Deps, bucket: BucketRecord, who: Who, asker: SimulatedAsker): Promise<Reacher> {
  return reacherOf(who, async (right) => {
    const resource = `arn:aws:s3:::${bucket.name}${isAboutObject(right) ? `/${ANY_KEY}` : ''}`;
    const question = { action: actions[right], resource, conditions: {} };
    const simulated = await simulate(deps, bucket.accountId, asker, question);
    return shown(describeDecision(simulated, question, bucket.accountId));
  });
}

const shown = ({ allowed, reason }: Answer): Answer => ({ allowed, reason });

/** Somebody else, as far as this bucket alone decides. */
function outsider(deps: Deps, bucket: BucketRecord, who: Who, principal: Principal): Promise<Reacher> {
  const facts: RequestFacts = {
    receivedAt: deps.clock(),
    clientAddress: '',
    secure: true,
    headers: new Map(),
    query: new Map(),
  };
  return reacherOf(who, async (right) => {
    const action = actions[right];
    const ask = askOf(action, bucket, isAboutObject(right) ? (ANY_KEY as ObjectKey) : null, { isNew: true });
    const decision = await decideS3(storeReader(deps), principal, ask, facts);
    const named = { name: bucket.name, accountId: bucket.accountId };
    return shown(describeDecision({ decision, bucket: named }, { action }, bucket.accountId));
  });
}

const NOBODY = '000000000000' as AccountId;

const rootOf = (accountId: AccountId, canonicalId: string, name: string): Principal => ({
  kind: 'session',
  identity: { type: 'root', accountId, canonicalId, name },
});

/** Accounts that the policy or the ACL names. */
async function namedAccounts(
  deps: Deps,
  bucket: BucketRecord,
): Promise<readonly { readonly accountId: AccountId; readonly canonicalId: string; readonly name: string }[]> {
  const access = bucketAccessOf(bucket, await configurationsOf(deps, bucket));
  const inPolicy = (access.policy?.policy.statements ?? [])
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ principals = [] }) => principals)
    .flatMap((pattern) => ('accountId' in pattern ? [pattern.accountId] : []));
  const ids = accountsIn(access.acl ?? []);
  const names = await readOwnerNames(deps, ids);
  const inAcl = await deps.store.read(async (snapshot) => {
    const found = await snapshot.getMany(ids.map(accountByCanonicalIdKey));
    return ids.flatMap((canonicalId, index) => {
      const value = found[index];
      if (value === undefined) return [];
      return [{ accountId: readAccountId(value), canonicalId, name: names.get(canonicalId) ?? '' }];
    });
  });
  const all = [...inAcl, ...inPolicy.map((accountId) => ({ accountId, canonicalId: '', name: '' }))];
  const others = all.filter(({ accountId }) => accountId !== bucket.accountId);
  return [...new Map(others.toReversed().map((one) => [one.accountId, one])).values()].slice(0, MOST);
}

export async function reachOf(
  deps: Deps,
  bucket: BucketRecord,
): Promise<{ readonly items: readonly Reacher[]; readonly truncated: boolean }> {
  const { accountId, projectId } = bucket;
  const [users, serviceAccounts, keys, accounts] = await Promise.all([
    listUsers(deps, accountId),
    listServiceAccounts(deps, accountId),
    listS3Keys(deps, { accountId, projectId }),
    namedAccounts(deps, bucket),
  ]);
  const strangers: readonly (readonly [Who, Principal])[] = [
    [{ type: 'anonymous', id: null, name: '' }, { kind: 'anonymous' }],
    [{ type: 'any-account', id: null, name: '' }, rootOf(NOBODY, 'f'.repeat(64), 'any')],
    ...accounts.map(({ accountId: id, canonicalId, name }): readonly [Who, Principal] => [
      { type: 'account', id, name: name === '' ? id : name },
      rootOf(id, canonicalId, name),
    ]),
  ];
  const insiders: readonly (readonly [Who, SimulatedAsker])[] = [
    [{ type: 'root', id: null, name: '' }, { type: 'root' }],
    ...users.slice(0, MOST).map(({ userId, username }): readonly [Who, SimulatedAsker] => [
      { type: 'user', id: userId, name: username },
      { type: 'user', userId },
    ]),
    ...serviceAccounts.slice(0, MOST).map(({ serviceAccountId, name }): readonly [Who, SimulatedAsker] => [
      { type: 'service-account', id: serviceAccountId, name },
      { type: 'service-account', serviceAccountId },
    ]),
    ...keys.slice(0, MOST).map(({ id, accessKey }): readonly [Who, SimulatedAsker] => [
      { type: 's3-key', id, name: accessKey },
      { type: 's3-key', keyId: id },
    ]),
  ];
  const items: Reacher[] = [];
  for (const [who, principal] of strangers) items.push(await outsider(deps, bucket, who, principal));
  for (const [who, asker] of insiders) items.push(await insider(deps, bucket, who, asker));
  return { items, truncated: [users, serviceAccounts, keys].some(({ length }) => length > MOST) };
}
