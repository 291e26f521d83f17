// Who signs with temporary credentials, and whether they still may. They die by themselves, and with everything they
// came from: the key that asked for them, its creator, the provider whose token was shown, the role, and the trust the
// role had in whoever took it on. All of it is read again whenever an epoch of the accounts concerned has moved, so a
// change is in force at the next request, as it is for keys.
import { decodeEpoch } from '../identity/epoch.ts';
import { loadIdentity, loadPolicies } from '../identity/load-identity.ts';
import { endedByRole } from '../identity/role-sessions.ts';
import { openIdProviderName } from '../identity/openid-providers.ts';
import { readRecord } from '../identity/read-records.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import {
  type ProjectRecord,
  type RoleRecord,
  type S3KeyRecord,
  epochKey,
  projectKey,
  roleKey,
  s3KeyKey,
} from '../metadata/tables/identities.ts';
import {
  type OpenIdProviderRecord,
  type TemporaryKeyRecord,
  openIdProviderKey,
  temporaryKeyKey,
} from '../metadata/tables/temporary-keys.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { Policy, Statement } from '../policy/policy.ts';
import type { AccessKey, AccountId } from '../shared/ids.ts';
import { type AssumeCaller, mayAssume } from './assume-role.ts';
import type { Restriction } from './key-restriction.ts';
import type { Identity, SignerPrincipal, TemporaryOwner } from './principal.ts';
import { endOf, loadKeyOwner, readRestriction } from './signers.ts';

/** Roles taken on with credentials of roles that were taken on with … */
const MAX_CHAIN = 8;

/** The epochs of all accounts whose changes may end the credentials, as one text. */
export async function readEpochs(snapshot: Snapshot, accounts: readonly AccountId[]): Promise<string> {
  const values = await snapshot.getMany(accounts.map(epochKey));
  return values.map((value) => String(decodeEpoch(value))).join(' ');
}

/** null: they are dead. */
export function loadTemporaryOwner(
  snapshot: Snapshot,
  record: TemporaryKeyRecord,
  chain = 0,
): Promise<TemporaryOwner | null> {
  if (chain > MAX_CHAIN) return Promise.resolve(null);
  return record.issuer.type === 'key' ? ofKey(snapshot, record, chain) : ofProvider(snapshot, record);
}

export function temporaryPrincipal(
  { id: keyId, accessKey, projectId, session, expiresAt }: TemporaryKeyRecord,
  { identity, projectTrashed, restriction }: TemporaryOwner,
  epochs: string,
): SignerPrincipal {
  const temporary = { session, expiresAt, epochs };
  const epoch = BigInt(epochs.split(' ')[0] ?? '0');
  return { kind: 's3-key', identity, keyId, accessKey, projectId, projectTrashed, epoch, restriction, temporary };
}

type KeyAsker = {
  readonly identity: Identity;
  readonly restriction: Restriction | null;
  readonly endsAt: number;
};

async function ofKey(snapshot: Snapshot, record: TemporaryKeyRecord, chain: number): Promise<TemporaryOwner | null> {
  const asker = await loadAsker(snapshot, record, chain);
  if (asker === null) return null;
  const { assumed } = record;
  if (assumed !== null && !(await isStillTrusted(snapshot, record, { type: 'identity', identity: asker.identity }))) {
    return null;
  }
  // a restricted key could never take on a role, but it may have made itself a session
  const inherited = assumed === null ? asker.restriction : null;
  return finish(snapshot, record, { inherited, endsAt: asker.endsAt });
}

/** The key that asked, as it is now. */
async function loadAsker(snapshot: Snapshot, { issuer }: TemporaryKeyRecord, chain: number): Promise<KeyAsker | null> {
  if (issuer.type !== 'key') return null;
  const { accessKey, keyId } = issuer;
  const [lasting, temporary] = await readEither(snapshot, accessKey);
  if (temporary?.id === keyId) {
    const owner = await loadTemporaryOwner(snapshot, temporary, chain + 1);
    return owner === null ? null : { ...owner, endsAt: Math.min(owner.endsAt, temporary.expiresAt) };
  }
  if (lasting?.id !== keyId || lasting.status !== 'active') return null;
  const { owner } = await loadKeyOwner(snapshot, lasting);
  if (owner === null) return null;
  return { identity: owner.identity, restriction: readRestriction(lasting), endsAt: endOf(lasting) };
}

async function readEither(
  snapshot: Snapshot,
  accessKey: AccessKey,
): Promise<[S3KeyRecord | undefined, TemporaryKeyRecord | undefined]> {
  return Promise.all([
    readRecord<S3KeyRecord>(snapshot, s3KeyKey(accessKey)),
    readRecord<TemporaryKeyRecord>(snapshot, temporaryKeyKey(accessKey)),
  ]);
}

async function ofProvider(snapshot: Snapshot, record: TemporaryKeyRecord): Promise<TemporaryOwner | null> {
  const { issuer } = record;
  if (issuer.type !== 'web-identity') return null;
  const name = openIdProviderName(issuer.providerUrl);
  const provider = await readRecord<OpenIdProviderRecord>(snapshot, openIdProviderKey(issuer.accountId, name));
  if (provider === undefined) return null;
  const caller: AssumeCaller = { type: 'federated', provider: providerArn(provider) };
  if (!(await isStillTrusted(snapshot, record, caller))) return null;
  return finish(snapshot, record, { inherited: null, endsAt: Number.POSITIVE_INFINITY });
}

export const providerArn = ({ accountId, url }: Pick<OpenIdProviderRecord, 'accountId' | 'url'>): string =>
  `arn:aws:iam::${accountId}:oidc-provider/${openIdProviderName(url)}`;

async function isStillTrusted(snapshot: Snapshot, record: TemporaryKeyRecord, caller: AssumeCaller): Promise<boolean> {
  const { identity, accountId, assumed } = record;
  if (identity.type !== 'role' || assumed === null) return false;
  const role = await readRecord<RoleRecord>(snapshot, roleKey(accountId, identity.roleId));
  if (role === undefined || endedByRole(role, record.createdAt)) return false;
  return mayAssume(role, caller, assumed);
}

type Inherited = { readonly inherited: Restriction | null; readonly endsAt: number };

async function finish(
  snapshot: Snapshot,
  record: TemporaryKeyRecord,
  { inherited, endsAt }: Inherited,
): Promise<TemporaryOwner | null> {
  const { accountId, projectId, session } = record;
  const [identity, project] = await Promise.all([
    loadIdentity(snapshot, accountId, record.identity),
    readRecord<ProjectRecord>(snapshot, projectKey(projectId)),
  ]);
  if (identity === undefined || project === undefined || project.accountId !== accountId) return null;
  const policies = await loadSessionPolicies(snapshot, record);
  const isRole = identity.type === 'role';
  const sessionContext = session.context;
  return {
    identity: isRole
      ? { ...identity, tags: withSessionTags(identity, record), sessionPolicies: policies, sessionContext }
      : { ...identity, sessionContext },
    projectTrashed: project.trashedAt !== null,
    restriction: isRole || policies === null ? inherited : narrowed(inherited, policies),
    endsAt,
  };
}

/** What GetFederationToken leaves of a user's rights narrows like the restriction of a key. */
function narrowed(inherited: Restriction | null, policies: readonly Policy[]): Restriction {
  const statements: readonly Statement[] = policies.flatMap((policy) => policy.statements);
  const variables = policies.some((policy) => policy.variables);
  const together: Policy = { name: 'session policy', variables, statements };
  return {
    policies: [...(inherited?.policies ?? []), together],
    hours: inherited?.hours ?? null,
    buckets: inherited?.buckets ?? null,
  };
}

function withSessionTags(
  { tags }: Extract<Identity, { type: 'role' }>,
  { session }: TemporaryKeyRecord,
): Extract<Identity, { type: 'role' }>['tags'] {
  const given = new Set(session.tags.map(({ key }) => key.toLowerCase()));
  return [...tags.filter(({ key }) => !given.has(key.toLowerCase())), ...session.tags];
}

/** null: none were given. One that cannot be read any more allows nothing. */
async function loadSessionPolicies(
  snapshot: Snapshot,
  { accountId, session }: TemporaryKeyRecord,
): Promise<readonly Policy[] | null> {
  if (session.policies === null && session.policyNames.length === 0) return null;
  const named = await loadPolicies(snapshot, accountId, session.policyNames);
  return [...(session.policies ?? []).map(({ name, document }) => parsePolicy(document, name)), ...named];
}
