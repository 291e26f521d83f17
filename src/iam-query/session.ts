// What every call that makes temporary credentials has in common: how long, narrowed by what, tagged with what.
import { z } from 'zod';
import type { InlinePolicy } from '../metadata/tables/identities.ts';
import type { TemporaryCredentials } from '../identity/temporary-keys.ts';
import type { TemporarySession } from '../metadata/tables/temporary-keys.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { AccountId } from '../shared/ids.ts';
import { checkTags } from '../identity/iam-names.ts';
import { checkPolicyName } from '../identity/policies.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import { policyNameOf } from './arns.ts';
import type { Caller } from './call.ts';
import { QueryError } from './errors.ts';
import { arn, document, list, tags as tagList, toTags } from './schemas.ts';
import type { XmlFields } from './xml.ts';

export const MIN_SECONDS = 900;
/** Of what GetSessionToken and GetFederationToken give. */
export const MAX_SECONDS = 129_600;
const ROOT_MAX_SECONDS = 3600;
const DEFAULT_SECONDS = 43_200;
const MAX_POLICY_CHARACTERS = 2048;
const MAX_POLICY_ARNS = 10;

/** Parameters of sessions that can be narrowed. */
export const narrowing = {
  Policy: document.optional(),
  PolicyArns: list(z.strictObject({ arn }), MAX_POLICY_ARNS).optional(),
};

export type Narrowing = {
  readonly Policy?: string | undefined;
  readonly PolicyArns?: readonly { readonly arn: string }[] | undefined;
};

export type SessionPolicies = Pick<TemporarySession, 'policies' | 'policyNames'>;

/** Seconds; a root's are few, as in AWS. */
export function lifetime({ identity }: Caller, wanted: number | undefined): number {
  if (identity.type !== 'root') return wanted ?? DEFAULT_SECONDS;
  return Math.min(wanted ?? ROOT_MAX_SECONDS, ROOT_MAX_SECONDS);
}

/** Errors: NoSuchEntity. */
export async function checkSessionPolicies(
  snapshot: Snapshot,
  given: SessionPolicies,
  accountId: AccountId,
): Promise<SessionPolicies> {
  const policyNames: string[] = [];
  for (const name of given.policyNames) policyNames.push(await checkPolicyName(snapshot, accountId, name));
  return { ...given, policyNames };
}

/** Errors: MalformedPolicyDocument, PackedPolicyTooLarge, NoSuchEntity. */
export function sessionPolicies({ Policy, PolicyArns = [] }: Narrowing, accountId: AccountId): SessionPolicies {
  const policyNames = PolicyArns.map((policy) => policyNameOf(policy.arn, accountId));
  return { policies: Policy === undefined ? null : [inline(Policy)], policyNames };
}

function inline(text: string): InlinePolicy {
  if (text.length > MAX_POLICY_CHARACTERS) {
    const message = `Packed size of session policies exceeds the limit: a session policy may have ${MAX_POLICY_CHARACTERS} characters`;
    throw new QueryError('PackedPolicyTooLarge', message);
  }
  const name = 'session policy';
  parsePolicy(text, name);
  return { name, document: text };
}

export const sessionTags = { Tags: tagList.optional(), TransitiveTagKeys: list(z.string(), 50).optional() };

/** As the trust policy can ask for them. */
export function tagContext(tags: TemporarySession['tags']): Record<string, string | readonly string[]> {
  if (tags.length === 0) return {};
  const values = tags.map(({ key, value }) => [`aws:requesttag/${key.toLowerCase()}`, value] as const);
  return { ...Object.fromEntries(values), 'aws:tagkeys': tags.map(({ key }) => key) };
}

/** Errors: ValidationError. */
export function checkedTags(given: Parameters<typeof toTags>[0]): TemporarySession['tags'] {
  const tags = toTags(given);
  checkTags(tags);
  return tags;
}

export const credentialsXml = ({ accessKey, secretKey, token, expiresAt }: TemporaryCredentials): XmlFields => ({
  AccessKeyId: accessKey,
  SecretAccessKey: secretKey,
  SessionToken: token,
  Expiration: new Date(expiresAt),
});

/** How much of the room for policies and tags they take, in per cent. */
export function packedSize({ Policy, PolicyArns = [] }: Narrowing, tags: TemporarySession['tags']): number | null {
  const characters =
    (Policy ?? '').length +
    PolicyArns.reduce((sum, policy) => sum + policy.arn.length, 0) +
    tags.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
  return characters === 0
    ? null
    : Math.min(100, Math.max(1, Math.round((characters * 100) / (2 * MAX_POLICY_CHARACTERS))));
}
