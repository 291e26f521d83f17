import { z } from 'zod';
import { refOf } from '../../access/principal.ts';
import { checkTemporaryLimit, putTemporaryKey } from '../../identity/temporary-keys.ts';
import { type CallScope, declareCall } from '../call.ts';
import { QueryError } from '../errors.ts';
import { readIssuer, signedKey } from '../issuer.ts';
import { text, wholeNumber } from '../schemas.ts';
import {
  checkedTags,
  checkSessionPolicies,
  credentialsXml,
  lifetime,
  MAX_SECONDS,
  MIN_SECONDS,
  narrowing,
  packedSize,
  sessionPolicies,
  sessionTags,
  tagContext,
} from '../session.ts';
import type { XmlFields } from '../xml.ts';

const input = z.strictObject({
  Name: text(2, 32, /^[\w+=,.@-]+$/),
  DurationSeconds: wholeNumber(MIN_SECONDS, MAX_SECONDS).optional(),
  ...narrowing,
  Tags: sessionTags.Tags,
});
type Input = z.infer<typeof input>;

const arnOf = ({ caller }: CallScope, name: string): string =>
  `arn:aws:sts::${caller.accountId}:federated-user/${name}`;

/** What the caller may and the session's policies allow besides: without one, nothing. */
export const getFederationToken = declareCall<Input>({
  service: 'sts',
  name: 'GetFederationToken',
  input,
  asks: ({ Name, Tags }, scope) => {
    const tags = checkedTags(Tags);
    const resource = arnOf(scope, Name);
    const context = tagContext(tags);
    const asks = [{ action: 'sts:GetFederationToken', resource, context }];
    return tags.length === 0 ? asks : [...asks, { action: 'sts:TagSession', resource, context }];
  },
  run: async (wanted, scope) => {
    const { identity } = scope.caller;
    if (signedKey(scope.caller).temporary !== undefined || (identity.type !== 'user' && identity.type !== 'root')) {
      throw new QueryError('AccessDenied', 'Cannot call GetFederationToken with session credentials');
    }
    await checkTemporaryLimit(scope.services, scope.caller.accountId);
    return make(wanted, scope);
  },
});

async function make(wanted: Input, scope: CallScope): Promise<XmlFields> {
  const { services, caller } = scope;
  const { accountId, identity } = caller;
  const now = services.clock();
  const tags = checkedTags(wanted.Tags);
  const given = sessionPolicies(wanted, accountId);
  const credentials = await services.store.transact(async (transaction) => {
    const { issuer, endsAt, accounts } = await readIssuer(transaction, caller);
    const { policies, policyNames } = await checkSessionPolicies(transaction, given, accountId);
    return putTemporaryKey(services, transaction, {
      accountId,
      projectId: signedKey(caller).projectId,
      identity: refOf(identity),
      session: {
        madeBy: 'GetFederationToken',
        tags,
        transitiveTagKeys: [],
        policies: policies ?? [],
        policyNames,
        context: {
          'aws:tokenissuetime': new Date(now).toISOString(),
          ...Object.fromEntries(tags.map(({ key, value }) => [`aws:principaltag/${key.toLowerCase()}`, value])),
        },
        sourceIdentity: null,
        federatedName: wanted.Name,
      },
      issuer,
      assumed: null,
      watchedAccounts: accounts,
      expiresAt: Math.min(now + lifetime(caller, wanted.DurationSeconds) * 1000, endsAt),
    });
  });
  return {
    Credentials: credentialsXml(credentials),
    FederatedUser: { FederatedUserId: `${accountId}:${wanted.Name}`, Arn: arnOf(scope, wanted.Name) },
    PackedPolicySize: packedSize(wanted, tags),
  };
}
