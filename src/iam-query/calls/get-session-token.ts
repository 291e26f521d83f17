import { z } from 'zod';
import { refOf } from '../../access/principal.ts';
import { checkTemporaryLimit, putTemporaryKey } from '../../identity/temporary-keys.ts';
import { declareCall } from '../call.ts';
import { QueryError } from '../errors.ts';
import { readIssuer, signedKey } from '../issuer.ts';
import { text, wholeNumber } from '../schemas.ts';
import { credentialsXml, lifetime, MAX_SECONDS, MIN_SECONDS } from '../session.ts';

const input = z.strictObject({
  DurationSeconds: wholeNumber(MIN_SECONDS, MAX_SECONDS).optional(),
  SerialNumber: text(9, 256).optional(),
  TokenCode: text(6, 6, /^\d+$/).optional(),
});

/** One's own rights for a time: nobody needs to be allowed, and nothing can deny it, as in AWS. */
export const getSessionToken = declareCall<z.infer<typeof input>>({
  service: 'sts',
  name: 'GetSessionToken',
  input,
  asks: () => [],
  run: async ({ DurationSeconds, SerialNumber }, { services, caller }) => {
    const { projectId, temporary } = signedKey(caller);
    if (temporary !== undefined) {
      throw new QueryError('AccessDenied', 'Cannot call GetSessionToken with session credentials');
    }
    if (SerialNumber !== undefined) {
      const message = 'MultiFactorAuthentication failed: keys have no MFA device here. Leave SerialNumber out.';
      throw new QueryError('AccessDenied', message);
    }
    await checkTemporaryLimit(services, caller.accountId);
    const now = services.clock();
    const expiresAt = now + lifetime(caller, DurationSeconds) * 1000;
    const credentials = await services.store.transact(async (transaction) => {
      const { issuer, endsAt, accounts } = await readIssuer(transaction, caller);
      return putTemporaryKey(services, transaction, {
        accountId: caller.accountId,
        projectId,
        identity: refOf(caller.identity),
        session: {
          madeBy: 'GetSessionToken',
          tags: [],
          transitiveTagKeys: [],
          policies: null,
          policyNames: [],
          context: { 'aws:tokenissuetime': new Date(now).toISOString(), 'aws:multifactorauthpresent': 'false' },
          sourceIdentity: null,
          federatedName: null,
        },
        issuer,
        assumed: null,
        watchedAccounts: accounts,
        expiresAt: Math.min(expiresAt, endsAt),
      });
    });
    return { Credentials: credentialsXml(credentials) };
  },
});
