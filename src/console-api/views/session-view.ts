// Who is signed in, and what the console must know about the session.
import type { Identity } from '../../access/principal.ts';
import { findAccount } from '../../identity/accounts.ts';
import { MAX_PASSWORD_LENGTH, type PasswordRules as Rules } from '../../identity/passwords.ts';
import { findSignInSettings } from '../../identity/sign-in-settings.ts';
import { ProblemError } from '../../shared/errors.ts';
import { type Caller, may } from '../caller.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { managementActions, type PasswordRules, type SessionIdentity, type SessionView } from '../contract.ts';
import { isoTime, isoTimeOrNull } from './times.ts';
import { type Owner, vstorageUserId } from './vstorage-user-id.ts';

export async function sessionView(deps: ConsoleDeps, caller: Caller): Promise<SessionView> {
  const { identity, impersonator, session, csrfToken, pending, idleMs } = caller;
  const times = session ?? caller.bearer ?? { createdAt: 0, expiresAt: 0 };
  const account = await findAccount(deps.identity, identity.accountId);
  if (account === undefined) throw new ProblemError(401, 'not-signed-in', 'The account is gone.');
  const users = rulesView(await findSignInSettings(deps.identity, identity.accountId));
  return {
    identity: identityView(identity, account),
    csrfToken,
    allowedActions: managementActions.filter((action) => may(caller, action, '*')),
    impersonator: impersonator === null ? null : impersonatorView(impersonator),
    createdAt: isoTime(times.createdAt),
    expiresAt: isoTime(times.expiresAt),
    idleTimeoutMs: idleMs,
    pending,
    lastSignInAt: isoTimeOrNull(session?.previousSignInAt ?? null),
    passwordRules: { own: identity.type === 'root' ? rootRules : users, users },
  };
}

const impersonatorView = ({ type, accountId, name }: Identity): SessionView['impersonator'] => ({
  type: type === 'root' ? 'root' : 'iam',
  accountId,
  name,
});

export const rootRules: PasswordRules = { minLength: 8, maxLength: 128, kinds: [] };

export const rulesView = ({ minLength, kinds }: Rules): PasswordRules => ({
  minLength,
  maxLength: MAX_PASSWORD_LENGTH,
  kinds: [...kinds],
});

function identityView(identity: Identity, owner: Owner): SessionIdentity {
  const { accountId, canonicalId, name } = identity;
  const common = { accountId, canonicalId, vstorageUserId: vstorageUserId(owner, identity) };
  if (identity.type === 'root') return { type: 'root', email: owner.email, name, ...common };
  const rootEmail = owner.email;
  if (identity.type === 'user') return { type: 'iam', rootEmail, username: name, userId: identity.userId, ...common };
  if (identity.type === 'service-account') {
    return { type: identity.type, rootEmail, name, serviceAccountId: identity.serviceAccountId, ...common };
  }
  const { roleId, sessionName } = identity;
  return { type: identity.type, rootEmail, name, roleId, sessionName, ...common };
}
