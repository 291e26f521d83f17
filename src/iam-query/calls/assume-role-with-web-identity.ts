import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { mayAssume } from '../../access/assume-role.ts';
import { providerArn } from '../../access/temporary-signers.ts';
import { openIdProviderName } from '../../identity/openid-providers.ts';
import { projectFor } from '../../identity/account-project.ts';
import { noteRoleUse, readRoleByName } from '../../identity/roles.ts';
import { readRecord } from '../../identity/read-records.ts';
import { checkTemporaryLimit, putTemporaryKey } from '../../identity/temporary-keys.ts';
import type { IdentityTag, RoleRecord } from '../../metadata/tables/identities.ts';
import {
  type AssumeQuestion,
  type OpenIdProviderRecord,
  type StoredContext,
  openIdProviderKey,
} from '../../metadata/tables/temporary-keys.ts';
import type { AccountId } from '../../shared/ids.ts';
import { parseRoleArn, roleArn } from '../arns.ts';
import { declareOpenCall, type OpenScope } from '../call.ts';
import { QueryError } from '../errors.ts';
import { arn, sessionName, text, wholeNumber } from '../schemas.ts';
import {
  checkSessionPolicies,
  credentialsXml,
  MIN_SECONDS,
  narrowing,
  packedSize,
  sessionPolicies,
  tagContext,
} from '../session.ts';
import { claimedIssuer, verifyWebIdentity } from '../web-identity.ts';
import type { XmlFields } from '../xml.ts';
import { assumedRoleUser, DEFAULT_ROLE_SECONDS, resourceTags } from './assume-role.ts';

const LONGEST_SECONDS = 43_200;
const TAGS_CLAIM = 'https://aws.amazon.com/tags';
const SOURCE_IDENTITY_CLAIM = 'https://aws.amazon.com/source_identity';

const input = z.strictObject({
  RoleArn: arn,
  RoleSessionName: sessionName,
  WebIdentityToken: text(4, 20_000),
  ProviderId: text(4, 2048).optional(),
  DurationSeconds: wholeNumber(MIN_SECONDS, LONGEST_SECONDS).optional(),
  ...narrowing,
});
type Input = z.infer<typeof input>;

/** The token is the proof: nothing is signed. */
export const assumeRoleWithWebIdentity = declareOpenCall<Input>({
  service: 'sts',
  name: 'AssumeRoleWithWebIdentity',
  input,
  run: async (wanted, scope) => {
    const { accountId } = parseRoleArn(wanted.RoleArn);
    const provider = await findProvider(scope, accountId, claimedIssuer(wanted.WebIdentityToken));
    const claims = await verifyWebIdentity(scope.services.webIdentity, provider.url, wanted.WebIdentityToken);
    const audience = checkAudience(provider, claims);
    await checkTemporaryLimit(scope.services, accountId);
    return takeOn(wanted, scope, { provider, claims, audience });
  },
});

/** Of the role's account. */
async function findProvider(
  { services }: OpenScope,
  accountId: AccountId,
  issuer: string,
): Promise<OpenIdProviderRecord> {
  const key = openIdProviderKey(accountId, openIdProviderName(issuer));
  const provider = await services.store.read((snapshot) => readRecord<OpenIdProviderRecord>(snapshot, key));
  if (provider?.url === issuer) return provider;
  throw new QueryError('InvalidIdentityToken', `No OpenIDConnect provider found in your account for ${issuer}`);
}

/** As in AWS, `azp` takes the place of `aud` where a token has it. One of them must be a client of the provider. */
function checkAudience({ clientIds }: OpenIdProviderRecord, { azp, aud }: JWTPayload): readonly string[] {
  const audience = typeof azp === 'string' && azp !== '' ? [azp] : [aud ?? []].flat();
  if (audience.some((each) => clientIds.includes(each))) return audience;
  throw new QueryError('InvalidIdentityToken', 'Incorrect token audience');
}

type Proof = {
  readonly provider: OpenIdProviderRecord;
  readonly claims: JWTPayload;
  readonly audience: readonly string[];
};

async function takeOn(wanted: Input, scope: OpenScope, proof: Proof): Promise<XmlFields> {
  const { services } = scope;
  const { accountId, name } = parseRoleArn(wanted.RoleArn);
  const { provider } = proof;
  const now = services.clock();
  const tokenTags = tagsOf(proof.claims);
  return services.store.transact(async (transaction) => {
    const role = await readRoleByName(transaction, accountId, name);
    if (role === undefined || roleArn(role) !== wanted.RoleArn) throw denied();
    const assumed = question(wanted, scope, role, proof);
    if (!mayAssume(role, { type: 'federated', provider: providerArn(provider) }, assumed)) throw denied();
    const policies = await checkSessionPolicies(transaction, sessionPolicies(wanted, accountId), accountId);
    const { DurationSeconds = DEFAULT_ROLE_SECONDS, RoleSessionName } = wanted;
    if (DurationSeconds > role.maxSessionSeconds) throw tooLong();
    const { tags = [] } = role;
    const sourceIdentity = sourceIdentityOf(proof.claims);
    const credentials = await putTemporaryKey(services, transaction, {
      accountId,
      projectId: await projectFor(transaction, { accountId, tags, askers: null }),
      identity: { type: 'role', roleId: role.roleId, sessionName: RoleSessionName },
      session: {
        madeBy: 'AssumeRoleWithWebIdentity',
        tags: tokenTags.single,
        transitiveTagKeys: tokenTags.transitive,
        ...policies,
        context: { ...sessionContext(scope, proof), ...tokenTags.several },
        sourceIdentity,
        federatedName: null,
      },
      issuer: { type: 'web-identity', accountId, providerUrl: provider.url },
      assumed,
      watchedAccounts: [accountId],
      expiresAt: now + DurationSeconds * 1000,
    });
    noteRoleUse(transaction, role, now);
    return {
      Credentials: credentialsXml(credentials),
      SubjectFromWebIdentityToken: proof.claims.sub,
      AssumedRoleUser: assumedRoleUser(role, RoleSessionName),
      Provider: providerArn(provider),
      Audience: proof.audience[0],
      PackedPolicySize: packedSize(wanted, tokenTags.single),
      SourceIdentity: sourceIdentity,
    };
  });
}

const denied = (): QueryError =>
  new QueryError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');

const tooLong = (): QueryError =>
  new QueryError('ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');

/** What conditions of the trust policy and of the role's policies may ask of the token. */
function sessionContext({ services }: OpenScope, { provider, claims, audience }: Proof): StoredContext {
  const name = openIdProviderName(provider.url).toLowerCase();
  const sourceIdentity = sourceIdentityOf(claims);
  return {
    'aws:tokenissuetime': new Date(services.clock()).toISOString(),
    'aws:federatedprovider': providerArn(provider),
    ...claimContext(name, claims),
    [`${name}:aud`]: audience,
    ...(typeof claims['azp'] === 'string' ? { [`${name}:oaud`]: [claims.aud ?? []].flat() } : {}),
    ...(sourceIdentity === null ? {} : { 'aws:sourceidentity': sourceIdentity }),
  };
}

/** Claims that are text or a list of texts. */
function claimContext(provider: string, claims: JWTPayload): StoredContext {
  const usable = ['sub', 'azp', 'amr', 'email', 'acr', 'groups', 'jti', 'iss'];
  return Object.fromEntries(
    usable.flatMap((claim): [string, string | string[]][] => {
      const value = claims[claim];
      if (typeof value === 'string') return [[`${provider}:${claim}`, value]];
      const isTexts = Array.isArray(value) && value.every((each) => typeof each === 'string');
      return isTexts ? [[`${provider}:${claim}`, value]] : [];
    }),
  );
}

function question(wanted: Input, scope: OpenScope, role: RoleRecord, proof: Proof): AssumeQuestion {
  const { facts } = scope;
  const { single, several, transitive } = tagsOf(proof.claims);
  const sourceIdentity = sourceIdentityOf(proof.claims);
  const requested = Object.entries(several).map(([key, value]) => [key.replace('principaltag', 'requesttag'), value]);
  const tagKeys = keysOf(proof.claims);
  const context: StoredContext = {
    'aws:currenttime': new Date(facts.receivedAt).toISOString(),
    'aws:epochtime': String(Math.floor(facts.receivedAt / 1000)),
    'aws:securetransport': String(facts.secure),
    'aws:sourceip': facts.clientAddress,
    ...sessionContext(scope, proof),
    'sts:rolesessionname': wanted.RoleSessionName,
    ...tagContext(single),
    ...Object.fromEntries(requested),
    ...(tagKeys.length === 0 ? {} : { 'aws:tagkeys': tagKeys }),
    ...(transitive.length === 0 ? {} : { 'sts:transitivetagkeys': transitive }),
    ...(sourceIdentity === null ? {} : { 'sts:sourceidentity': sourceIdentity }),
    ...resourceTags(role),
  };
  const actions = [
    'sts:AssumeRoleWithWebIdentity',
    ...(tagKeys.length === 0 ? [] : ['sts:TagSession']),
    ...(sourceIdentity === null ? [] : ['sts:SetSourceIdentity']),
  ];
  return { actions, roleArn: roleArn(role), context };
}

function sourceIdentityOf(claims: JWTPayload): string | null {
  const value = claims[SOURCE_IDENTITY_CLAIM];
  return typeof value === 'string' ? value : null;
}

const tagsClaim = z.object({
  principal_tags: z.record(z.string().min(1).max(128), z.array(z.string().max(256)).min(1)),
  transitive_tag_keys: z.array(z.string()).default([]),
});

type TokenTags = {
  readonly single: readonly IdentityTag[];
  /** values of tags that have several, which AWS does not take: any of them may be asked for */
  readonly several: StoredContext;
  readonly transitive: readonly string[];
};

function tagsOf(claims: JWTPayload): TokenTags {
  const claim = parseTags(claims);
  const entries = Object.entries(claim.principal_tags);
  const several = entries.filter(([, values]) => values.length > 1);
  return {
    single: entries.flatMap(([key, values]) => (values.length === 1 ? [{ key, value: values[0] ?? '' }] : [])),
    several: Object.fromEntries(several.map(([key, values]) => [`aws:principaltag/${key.toLowerCase()}`, values])),
    transitive: claim.transitive_tag_keys,
  };
}

const keysOf = (claims: JWTPayload): string[] => Object.keys(parseTags(claims).principal_tags);

function parseTags(claims: JWTPayload): z.infer<typeof tagsClaim> {
  const parsed = tagsClaim.safeParse(claims[TAGS_CLAIM] ?? { principal_tags: {} });
  if (parsed.success) return parsed.data;
  throw new QueryError('InvalidIdentityToken', `The claim ${TAGS_CLAIM} is not {"principal_tags": {KEY: [VALUE]}}.`);
}
