// Somebody of the account, as a simulation asks about: with everything requests of his are decided by.
import { loadIdentity, loadPolicies } from '../identity/load-identity.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import type { GroupRecord, IdentityRef } from '../metadata/tables/identities.ts';
import type { Identity } from '../access/principal.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { NamedIdentities } from '../policy/principals.ts';
import type { UserId } from '../shared/ids.ts';
import type { CallScope } from './call.ts';
import { noSuchEntity, QueryError } from './errors.ts';
import { type Found, getHolder, type HolderKind } from './holders.ts';

export type Simulated = {
  readonly identity: Identity;
  /** absent: nobody that a resource's policy could name */
  readonly ref?: IdentityRef;
  readonly named: NamedIdentities;
  /** false: what is known of it is made up */
  readonly isSomebody: boolean;
};

const ARN = /^arn:aws:iam::(\d{12}):(user|group|role)(\/.*)?\/([^/]+)$/;

/** Of a user, group or role of the caller's account. Errors: InvalidInput, NoSuchEntity. */
export async function loadSimulated(scope: CallScope, arn: string): Promise<Simulated> {
  const [, account, kind, , name] = ARN.exec(arn) ?? [];
  if (account !== scope.caller.accountId || name === undefined || !isKind(kind)) {
    throw new QueryError('InvalidInput', `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  }
  const found = await getHolder(kind, scope, name);
  if (found.arn !== arn) throw noSuchEntity(`${arn} cannot be found.`);
  return scope.services.store.read((snapshot) => load(snapshot, scope, kind, found));
}

const isKind = (kind: string | undefined): kind is HolderKind => kind === 'user' || kind === 'group' || kind === 'role';

async function load(snapshot: Snapshot, { caller }: CallScope, kind: HolderKind, found: Found): Promise<Simulated> {
  const { accountId, canonicalId } = caller.identity;
  if (kind === 'group') {
    const group = found.record as GroupRecord;
    const inline = (group.inlinePolicies ?? []).map(({ name, document }) => parsePolicy(document, name));
    const policies = [...inline, ...(await loadPolicies(snapshot, accountId, group.policies))];
    const facts = { name: group.name, path: '/', tags: [], boundary: null };
    const identity: Identity = {
      type: 'user',
      accountId,
      canonicalId,
      userId: group.groupId as string as UserId,
      policies,
      ...facts,
    };
    return { identity, named: {}, isSomebody: false };
  }
  const ref = refOf(found);
  const identity = await loadIdentity(snapshot, accountId, ref);
  if (identity === undefined) throw noSuchEntity(`${found.arn} is disabled: it may do nothing.`);
  const id = ref.type === 'user' ? ref.userId : ref.type === 'role' ? ref.roleId : null;
  return { identity, ref, named: id === null ? {} : { [found.arn]: id }, isSomebody: true };
}

function refOf({ ref }: Found): IdentityRef {
  if (ref.kind === 'role') return { type: 'role', roleId: ref.id, sessionName: 'simulated' };
  if (ref.kind === 'user') return { type: 'user', userId: ref.id };
  throw new QueryError('InvalidInput', 'Only users, groups and roles can be simulated.');
}
