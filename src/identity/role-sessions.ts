// Who has taken a role on and still may use it, and ending that before its time.
import { MalformedPolicyError } from '../policy/malformed-policy.ts';
import { parseTrustPolicy } from '../policy/parse.ts';
import type { Snapshot, Transaction } from '../metadata/metadata-store.ts';
import { type RoleRecord, roleKey } from '../metadata/tables/identities.ts';
import { encodeRecord } from '../metadata/tables/record.ts';
import {
  type TemporaryKeyRecord,
  temporaryKeyByAccountKey,
  temporaryKeyByExpiryKey,
  temporaryKeyKey,
  temporaryKeysOfAccountRange,
} from '../metadata/tables/temporary-keys.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccessKey, AccountId, RoleId, S3KeyId } from '../shared/ids.ts';
import { bumpEpoch } from './epoch.ts';
import type { IdentityDeps } from './identity-deps.ts';
import { readRecord, textValue } from './read-records.ts';
import { noSuchRole, readRole } from './roles.ts';

/** What is looked at of one account; an account may have no more living temporary credentials by default. */
const MAX_LOOKED_AT = 10_000;

/** Newest first. Those that the role's end of all sessions, or its trust policy, has ended already are left out. */
export function listRoleSessions(
  deps: Pick<IdentityDeps, 'store' | 'clock'>,
  accountId: AccountId,
  roleId: RoleId,
): Promise<TemporaryKeyRecord[]> {
  return deps.store.read(async (snapshot) => {
    const role = await readRole(snapshot, accountId, roleId);
    if (role === undefined) throw noSuchRole();
    const found = await sessionsOf(snapshot, role, deps.clock());
    return found.toSorted((a, b) => b.createdAt - a.createdAt);
  });
}

/** Credentials are listed with the account that asked for them: the role's own, or one that its trust policy names. */
async function sessionsOf(snapshot: Snapshot, role: RoleRecord, now: number): Promise<TemporaryKeyRecord[]> {
  const found: TemporaryKeyRecord[] = [];
  for (const accountId of new Set([role.accountId, ...trustedAccounts(role)])) {
    const range = { ...temporaryKeysOfAccountRange(accountId, now), limit: MAX_LOOKED_AT };
    for (const { value } of await snapshot.range(range)) {
      const accessKey = textValue(value) as AccessKey;
      const record = await readRecord<TemporaryKeyRecord>(snapshot, temporaryKeyKey(accessKey));
      if (record !== undefined && isOf(role, record)) found.push(record);
    }
  }
  return found;
}

const isOf = (role: RoleRecord, { identity, accountId, createdAt }: TemporaryKeyRecord): boolean =>
  accountId === role.accountId &&
  identity.type === 'role' &&
  identity.roleId === role.roleId &&
  !endedByRole(role, createdAt);

/** Credentials of before the role's sessions were ended are dead, whenever they would have expired. */
export const endedByRole = ({ sessionsEndedAt }: RoleRecord, createdAt: number): boolean =>
  sessionsEndedAt !== undefined && createdAt <= sessionsEndedAt;

function trustedAccounts({ trustPolicy, name }: RoleRecord): AccountId[] {
  try {
    const { statements } = parseTrustPolicy(trustPolicy, name);
    const principals = statements.flatMap((statement) => statement.principals ?? []);
    return principals.flatMap((principal) => ('accountId' in principal ? [principal.accountId] : []));
  } catch (error) {
    if (error instanceof MalformedPolicyError) return [];
    throw error;
  }
}

/** All there are, at their next request. Whoever the role trusts may take it on again. */
export async function endRoleSessions(
  deps: Pick<IdentityDeps, 'store' | 'clock'>,
  accountId: AccountId,
  roleId: RoleId,
): Promise<void> {
  const end = async (transaction: Transaction): Promise<void> => {
    const role = await readRole(transaction, accountId, roleId);
    if (role === undefined) throw noSuchRole();
    const ended: RoleRecord = { ...role, sessionsEndedAt: deps.clock() };
    transaction.put(roleKey(accountId, roleId), encodeRecord(ended));
    await bumpEpoch(transaction, accountId);
  };
  await deps.store.transact(end, { administrative: true });
}

/** One of them, for good. */
export async function endRoleSession(
  deps: Pick<IdentityDeps, 'store' | 'clock'>,
  accountId: AccountId,
  { roleId, sessionId }: { readonly roleId: RoleId; readonly sessionId: S3KeyId },
): Promise<void> {
  const end = async (transaction: Transaction): Promise<void> => {
    const role = await readRole(transaction, accountId, roleId);
    if (role === undefined) throw noSuchRole();
    const session = (await sessionsOf(transaction, role, deps.clock())).find(({ id }) => id === sessionId);
    if (session === undefined) {
      throw new ProblemError(404, 'no-such-session', 'The role has no such session, or it has ended.');
    }
    transaction.delete(temporaryKeyKey(session.accessKey));
    transaction.delete(temporaryKeyByExpiryKey(session));
    transaction.delete(temporaryKeyByAccountKey(session));
    await bumpEpoch(transaction, accountId);
  };
  await deps.store.transact(end, { administrative: true });
}
