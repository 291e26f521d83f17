// Acting as a service account, of one's own root account or of another that trusts one's own. Who does it, and whether
// they still may, is asked again at every request.
import { allowsManagement } from '../access/authorize.ts';
import type { RequestFacts } from '../access/condition-context.ts';
import { type Identity, refOf } from '../access/principal.ts';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { type PersonRef, type SessionRecord, sessionKey } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId, ServiceAccountId } from '../shared/ids.ts';
import { type IssuedToken, putToken } from './api-tokens.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { loadIdentity } from './load-identity.ts';
import { isPerson } from './people.ts';
import { readRecord } from './read-records.ts';
import { readServiceAccount } from './service-accounts.ts';
import { hashOfToken } from './sessions.ts';

export const IMPERSONATE = 'vstorage:ImpersonateServiceAccount';

const impersonationResource = (accountId: AccountId, id: ServiceAccountId): string =>
  `vstorage::${accountId}:service-account/${id}`;

/** The service account as `person` may act as it now; undefined: not, or not any more. */
export async function loadImpersonated(
  snapshot: Snapshot,
  person: Identity,
  id: ServiceAccountId,
  facts: RequestFacts,
): Promise<Identity | undefined> {
  const serviceAccount = await readServiceAccount(snapshot, id);
  if (serviceAccount === undefined || !isPerson(refOf(person))) return undefined;
  const { accountId, trustedAccounts } = serviceAccount;
  if (accountId !== person.accountId && !trustedAccounts.includes(person.accountId)) return undefined;
  if (!allowsManagement(person, IMPERSONATE, impersonationResource(accountId, id), facts)) return undefined;
  return loadIdentity(snapshot, accountId, { type: 'service-account', serviceAccountId: id });
}

export type Impersonation = {
  readonly person: Identity;
  readonly serviceAccountId: ServiceAccountId;
  readonly facts: RequestFacts;
};

/** The same answer whether there is no such service account, it trusts nobody, or no policy allows it. */
function refused(): ProblemError {
  const message =
    'You may not act as this service account: it must exist, be enabled and trust your root account, and a policy of yours must allow vstorage:ImpersonateServiceAccount on it.';
  return new ProblemError(403, 'impersonation-refused', message);
}

/** From its next request on, the session acts as the service account. */
export async function beginImpersonation(
  deps: Pick<IdentityDeps, 'store'>,
  sessionToken: string,
  { person, serviceAccountId, facts }: Impersonation,
): Promise<Identity> {
  return deps.store.transact(async (transaction) => {
    const identity = await loadImpersonated(transaction, person, serviceAccountId, facts);
    const key = sessionKey(hashOfToken(sessionToken));
    const session = await readRecord<SessionRecord>(transaction, key);
    if (identity === undefined || session === undefined) throw refused();
    const acting: SessionRecord = { ...session, actingAs: { accountId: identity.accountId, serviceAccountId } };
    transaction.put(key, encodeRecord(acting));
    return identity;
  });
}

/** Back to oneself; nothing happens where the session acts as nobody else. */
export async function endImpersonation(deps: Pick<IdentityDeps, 'store'>, sessionToken: string): Promise<void> {
  const key = sessionKey(hashOfToken(sessionToken));
  const end = async (transaction: Transaction): Promise<void> => {
    const session = await readRecord<SessionRecord>(transaction, key);
    if (session === undefined || (session.actingAs ?? null) === null) return;
    const itself: SessionRecord = { ...session, actingAs: null };
    transaction.put(key, encodeRecord(itself));
  };
  await deps.store.transact(end, { administrative: true });
}

/** A bearer token for programs: it lives as long as those of the service account itself, and dies when the right does. */
export function issueImpersonationToken(
  deps: IdentityDeps,
  { person, serviceAccountId, facts }: Impersonation,
): Promise<IssuedToken> {
  const identity = refOf(person);
  if (!isPerson(identity)) throw refused();
  const impersonator = { accountId: person.accountId, identity };
  const wanted = { clientAddress: facts.clientAddress, impersonator };
  return putToken(deps, serviceAccountId, wanted, async (serviceAccount, transaction) => {
    const allowed = await loadImpersonated(transaction, person, serviceAccountId, facts);
    if (serviceAccount === undefined || allowed === undefined) throw refused();
    return serviceAccount;
  });
}

export type Acting = { readonly identity: Identity; readonly impersonator: Identity };

/** As the token was given to act; undefined: whoever it was given to may not any more. */
export async function loadImpersonator(
  snapshot: Snapshot,
  impersonator: { readonly accountId: AccountId; readonly identity: PersonRef },
  id: ServiceAccountId,
  facts: RequestFacts,
): Promise<Acting | undefined> {
  const person = await loadIdentity(snapshot, impersonator.accountId, impersonator.identity);
  const identity = person === undefined ? undefined : await loadImpersonated(snapshot, person, id, facts);
  return person === undefined || identity === undefined ? undefined : { identity, impersonator: person };
}
