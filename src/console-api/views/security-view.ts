// What somebody has to sign in with, and the sessions that are open.
import type { OwnSession } from '../../identity/own-sessions.ts';
import { readPerson, type Person } from '../../identity/people.ts';
import { readSecondFactors } from '../../identity/second-factors.ts';
import { readSignInSettings } from '../../identity/sign-in-settings.ts';
import type { PasskeyRecord } from '../../metadata/tables/sign-in.ts';
import { ProblemError } from '../../shared/errors.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { OpenSessionView, PasskeyView, SecurityView } from '../contract/sign-in.ts';
import { rootRules, rulesView } from './session-view.ts';
import { isoTime, isoTimeOrNull } from './times.ts';

export const passkeyView = (passkey: PasskeyRecord): PasskeyView => ({
  id: passkey.passkeyId,
  name: passkey.name,
  synced: passkey.synced,
  host: passkey.rpId,
  createdAt: isoTime(passkey.createdAt),
  lastUsedAt: isoTimeOrNull(passkey.lastUsedAt),
});

export async function readSecurityView({ identity }: ConsoleDeps, person: Person): Promise<SecurityView> {
  return identity.store.read(async (snapshot) => {
    const record = await readPerson(snapshot, person);
    if (record === undefined) throw new ProblemError(401, 'not-signed-in', 'Sign in again.');
    const { totp, passkeys, recoveryCodesLeft } = await readSecondFactors(snapshot, person);
    const settings = await readSignInSettings(snapshot, person.accountId);
    return {
      hasPassword: record.passwordHash !== null,
      passwordChangedAt: isoTimeOrNull(record.passwordHash === null ? null : record.passwordChangedAt),
      passwordRules: person.ref.type === 'root' ? rootRules : rulesView(settings),
      lastSignInAt: isoTimeOrNull(record.lastSignInAt ?? null),
      totp: totp === null ? null : { since: isoTime(totp.confirmedAt ?? totp.createdAt) },
      passkeys: passkeys.map(passkeyView),
      recoveryCodesLeft,
      secondFactorRequired: person.ref.type === 'user' && settings.requireSecondFactor,
    };
  });
}

export const openSessionView = ({ id, session }: OwnSession, currentId: string): OpenSessionView => ({
  id,
  current: id === currentId,
  method: session.method ?? 'password',
  clientAddress: session.clientAddress,
  userAgent: session.userAgent,
  createdAt: isoTime(session.createdAt),
  lastSeenAt: isoTime(session.lastSeenAt),
  expiresAt: isoTime(session.expiresAt),
});
