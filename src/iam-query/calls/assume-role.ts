import { z } from 'zod';
import { type AssumeCaller, mayAssume } from '../../access/assume-role.ts';
import { requestContext } from '../../access/condition-context.ts';
import { arnOf } from '../../access/principal.ts';
import { noteRoleUse, readRoleByName } from '../../identity/roles.ts';
import { projectFor } from '../../identity/account-project.ts';
import { checkTemporaryLimit, putTemporaryKey } from '../../identity/temporary-keys.ts';
import type { Snapshot } from '../../metadata/metadata-store.ts';
import type { RoleRecord } from '../../metadata/tables/identities.ts';
import type { AssumeQuestion, StoredContext, TemporarySession } from '../../metadata/tables/temporary-keys.ts';
import { parseRoleArn, roleArn } from '../arns.ts';
import { type CallScope, declareCall } from '../call.ts';
import { QueryError } from '../errors.ts';
import { readIssuer, signedKey } from '../issuer.ts';
import { arn, sessionName, text, wholeNumber } from '../schemas.ts';
import {
  checkedTags,
  checkSessionPolicies,
  credentialsXml,
  MIN_SECONDS,
  narrowing,
  packedSize,
  type SessionPolicies,
  sessionPolicies,
  sessionTags,
  tagContext,
} from '../session.ts';
import type { XmlFields } from '../xml.ts';

export const DEFAULT_ROLE_SECONDS = 3600;
/** Of a role taken on with credentials of a role. */
const CHAINED_SECONDS = 3600;
const LONGEST_SECONDS = 43_200;

const input = z.strictObject({
  RoleArn: arn,
  RoleSessionName: sessionName,
  ExternalId: text(2, 1224, /^[\w+=,.@:/-]+$/).optional(),
  DurationSeconds: wholeNumber(MIN_SECONDS, LONGEST_SECONDS).optional(),
  SourceIdentity: sessionName.optional(),
  ...narrowing,
  ...sessionTags,
});
type Input = z.infer<typeof input>;

/** The role's trust policy and the caller's own say whether he may: nothing is asked before. */
export const assumeRole = declareCall<Input>({
  service: 'sts',
  name: 'AssumeRole',
  input,
  asks: () => [],
  run: async (wanted, scope) => {
    refuseRestricted(wanted, scope);
    await checkTemporaryLimit(scope.services, scope.caller.accountId);
    return takeOn(wanted, scope, draftSession(wanted, scope));
  },
});

/** What a restriction of a key lets through is S3's, and never a role. */
function refuseRestricted({ RoleArn }: Input, scope: CallScope): void {
  const { restriction, temporary } = signedKey(scope.caller);
  const isSessionOfUser = temporary?.session.madeBy === 'GetFederationToken';
  if (restriction !== null || isSessionOfUser) throw denied(RoleArn, scope);
}

const denied = (roleArnAsked: string, { caller }: CallScope): QueryError =>
  new QueryError(
    'AccessDenied',
    `User: ${arnOf(caller.identity)} is not authorized to perform: sts:AssumeRole on resource: ${roleArnAsked}`,
  );

type Draft = { readonly tags: TemporarySession['tags']; readonly transitive: readonly string[] };

/** Transitive tags of the caller's own session go on, and cannot be replaced. */
function draftSession(wanted: Input, { caller }: CallScope): Draft {
  const own = signedKey(caller).temporary?.session;
  const handedOn = (own?.tags ?? []).filter(({ key }) => own?.transitiveTagKeys.includes(key));
  const given = checkedTags(wanted.Tags);
  const repeated = given.find(({ key }) => handedOn.some((tag) => tag.key.toLowerCase() === key.toLowerCase()));
  if (repeated !== undefined) {
    throw new QueryError(
      'InvalidParameterValue',
      `One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session: ${repeated.key}`,
    );
  }
  const transitive = [...handedOn.map(({ key }) => key), ...(wanted.TransitiveTagKeys ?? [])];
  return { tags: [...handedOn, ...given], transitive };
}

async function takeOn(wanted: Input, scope: CallScope, draft: Draft): Promise<XmlFields> {
  const { services, caller } = scope;
  const { accountId, name } = parseRoleArn(wanted.RoleArn);
  const now = services.clock();
  return services.store.transact(async (transaction) => {
    const role = await readRoleByName(transaction, accountId, name);
    if (role === undefined || roleArn(role) !== wanted.RoleArn) throw denied(wanted.RoleArn, scope);
    const assumed = question(wanted, scope, role, draft);
    const asker: AssumeCaller = { type: 'identity', identity: caller.identity };
    if (!mayAssume(role, asker, assumed)) throw denied(wanted.RoleArn, scope);
    const { issuer, endsAt, accounts } = await readIssuer(transaction, caller);
    const policies = await checkSessionPolicies(transaction, sessionPolicies(wanted, accountId), accountId);
    const seconds = durationOf(wanted, scope, role);
    const credentials = await putTemporaryKey(services, transaction, {
      accountId,
      projectId: await projectOf(transaction, scope, role),
      identity: { type: 'role', roleId: role.roleId, sessionName: wanted.RoleSessionName },
      session: { ...sessionOf(wanted, scope, draft), ...policies },
      issuer,
      assumed,
      watchedAccounts: [...new Set([accountId, ...accounts])],
      expiresAt: Math.min(now + seconds * 1000, endsAt),
    });
    noteRoleUse(transaction, role, now);
    return {
      Credentials: credentialsXml(credentials),
      AssumedRoleUser: assumedRoleUser(role, wanted.RoleSessionName),
      PackedPolicySize: packedSize(wanted, draft.tags),
      SourceIdentity: sourceIdentityOf(wanted, scope),
    };
  });
}

export const assumedRoleUser = ({ roleId, accountId, name }: RoleRecord, session: string): XmlFields => ({
  AssumedRoleId: `${roleId}:${session}`,
  Arn: `arn:aws:sts::${accountId}:assumed-role/${name}/${session}`,
});

/** Once named, it stays through all roles that are taken on. */
const sourceIdentityOf = (wanted: Input, { caller }: CallScope): string | null =>
  signedKey(caller).temporary?.session.sourceIdentity ?? wanted.SourceIdentity ?? null;

function question(wanted: Input, scope: CallScope, role: RoleRecord, { tags, transitive }: Draft): AssumeQuestion {
  const { caller, facts } = scope;
  const sourceIdentity = sourceIdentityOf(wanted, scope);
  const context: StoredContext = {
    ...Object.fromEntries(requestContext(caller.identity, facts)),
    'sts:rolesessionname': wanted.RoleSessionName,
    ...(wanted.ExternalId === undefined ? {} : { 'sts:externalid': wanted.ExternalId }),
    ...(sourceIdentity === null ? {} : { 'sts:sourceidentity': sourceIdentity }),
    ...tagContext(tags),
    ...(transitive.length === 0 ? {} : { 'sts:transitivetagkeys': transitive }),
    ...resourceTags(role),
  };
  const actions = [
    'sts:AssumeRole',
    ...(tags.length === 0 ? [] : ['sts:TagSession']),
    ...(sourceIdentity === null ? [] : ['sts:SetSourceIdentity']),
  ];
  return { actions, roleArn: roleArn(role), context };
}

export function resourceTags({ tags = [] }: Pick<RoleRecord, 'tags'>): StoredContext {
  return Object.fromEntries(
    tags.flatMap(({ key, value }) => [
      [`iam:resourcetag/${key.toLowerCase()}`, value],
      [`aws:resourcetag/${key.toLowerCase()}`, value],
    ]),
  );
}

function durationOf(
  { DurationSeconds = DEFAULT_ROLE_SECONDS }: Input,
  { caller }: CallScope,
  role: RoleRecord,
): number {
  if (caller.identity.type === 'role' && DurationSeconds > CHAINED_SECONDS) {
    const message =
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.';
    throw new QueryError('ValidationError', message);
  }
  if (DurationSeconds <= role.maxSessionSeconds) return DurationSeconds;
  throw new QueryError(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  );
}

function projectOf(snapshot: Snapshot, { caller }: CallScope, role: RoleRecord): ReturnType<typeof projectFor> {
  const { accountId, tags = [] } = role;
  const askers = caller.accountId === accountId ? signedKey(caller).projectId : null;
  return projectFor(snapshot, { accountId, tags, askers });
}

function sessionOf(
  wanted: Input,
  scope: CallScope,
  { tags, transitive }: Draft,
): Omit<TemporarySession, keyof SessionPolicies> {
  const sourceIdentity = sourceIdentityOf(wanted, scope);
  return {
    madeBy: 'AssumeRole',
    tags,
    transitiveTagKeys: transitive,
    context: {
      'aws:tokenissuetime': new Date(scope.services.clock()).toISOString(),
      ...(sourceIdentity === null ? {} : { 'aws:sourceidentity': sourceIdentity }),
    },
    sourceIdentity,
    federatedName: null,
  };
}
