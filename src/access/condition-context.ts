// The values a policy's conditions can ask for.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys
import { OBJECT_TAG } from '../policy/object-tags.ts';
import type { ConditionContext } from '../policy/policy.ts';
import { type Identity, principalArnOf, uniqueIdOf } from './principal.ts';

/** What a request says of itself; an S3Request is one. */
export type RequestFacts = {
  readonly receivedAt: number;
  readonly clientAddress: string;
  readonly secure: boolean;
  /** lower-case names */
  readonly headers: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, string>;
  /** of the endpoint; absent: it is a request to what has none */
  readonly requestedRegion?: string;
};

/** The keys every request has, S3 or management. */
export function requestContext(identity: Identity | null, facts: RequestFacts): Context {
  const context: Context = new Map<string, string | readonly string[]>([
    ['aws:currenttime', new Date(facts.receivedAt).toISOString()],
    ['aws:epochtime', String(Math.floor(facts.receivedAt / 1000))],
    ['aws:securetransport', String(facts.secure)],
    ['aws:sourceip', facts.clientAddress],
    ['aws:principalisawsservice', 'false'],
    ['aws:viaawsservice', 'false'],
    ...(identity === null ? strangers : identityContext(identity)),
  ]);
  copy(context, 'aws:useragent', facts.headers.get('user-agent'));
  copy(context, 'aws:referer', facts.headers.get('referer'));
  return context;
}

type Context = Map<string, string | readonly string[]>;

const strangers: readonly (readonly [string, string])[] = [
  ['aws:principaltype', 'Anonymous'],
  ['aws:userid', 'anonymous'],
];

/** As AWS names them; a service account, which AWS does not have, is its own type. */
const principalTypes: Readonly<Record<Identity['type'], string>> = {
  root: 'Account',
  user: 'User',
  'service-account': 'ServiceAccount',
  role: 'AssumedRole',
};

/** What conditions may ask of whoever asks, whatever the request. */
export function identityContext(identity: Identity): readonly (readonly [string, string | readonly string[]])[] {
  const tags = identity.type === 'user' || identity.type === 'role' ? identity.tags : [];
  return [
    ['aws:principalaccount', identity.accountId],
    ['aws:principaltype', principalTypes[identity.type]],
    ['aws:principalarn', principalArnOf(identity)],
    ['aws:userid', uniqueIdOf(identity)],
    // of users alone: what is meant for a user's name must not reach a service account that is called the same
    ...(identity.type === 'user' ? [['aws:username', identity.name] as const] : []),
    ...tags.map(({ key, value }) => [`aws:principaltag/${key.toLowerCase()}`, value] as const),
    ...Object.entries(identity.sessionContext ?? {}),
  ];
}

/** Only the requests that list answer to them: on others anybody could add them to the query. */
const listings = new Set(['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads']);
const listParameters = ['prefix', 'delimiter', 'max-keys'];

/** What is known of the bucket and the object asked about. */
export type S3Subject = {
  readonly action: string;
  readonly versionId: string | null;
  readonly bucket: { readonly accountId: string; readonly region: string } | null;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** by lower-case key: values that stand in the body */
  readonly more: Readonly<Record<string, string | readonly string[]>>;
};

export function s3Context(identity: Identity | null, facts: RequestFacts, subject: S3Subject): ConditionContext {
  const context = requestContext(identity, facts);
  addListing(context, subject.action, facts);
  addHeaders(context, facts);
  addSignature(context, facts);
  if (subject.bucket !== null) {
    context.set('s3:resourceaccount', subject.bucket.accountId);
    context.set('aws:resourceaccount', subject.bucket.accountId);
  }
  copy(context, 'aws:requestedregion', subject.bucket?.region ?? facts.requestedRegion);
  if (subject.versionId !== null) context.set('s3:versionid', subject.versionId);
  for (const { key, value } of subject.tags) context.set(`${OBJECT_TAG}${key.toLowerCase()}`, value);
  for (const [key, value] of Object.entries(subject.more)) context.set(key, value);
  return context;
}

function addListing(context: Context, action: string, { query }: RequestFacts): void {
  if (!listings.has(action)) return;
  for (const name of listParameters) copy(context, `s3:${name}`, query.get(name));
}

function addHeaders(context: Context, { headers }: RequestFacts): void {
  for (const [name, value] of headers) if (name.startsWith('x-amz-')) context.set(`s3:${name}`, value);
  for (const name of ['if-match', 'if-none-match']) copy(context, `s3:${name}`, headers.get(name));
  const source = context.get('s3:x-amz-copy-source');
  if (typeof source === 'string') context.set('s3:x-amz-copy-source', plainSource(source));
  const tags = context.get('s3:x-amz-tagging');
  if (typeof tags === 'string') addRequestTags(context, new URLSearchParams(tags));
}

/** `bucket/key` however it was written: a condition on it must not be escaped by escaping. */
function plainSource(source: string): string {
  const path = source.replace(/\?versionId=.*$/s, '');
  try {
    return decodeURIComponent(path).replace(/^\//, '');
  } catch {
    return path.replace(/^\//, '');
  }
}

function addRequestTags(context: Context, tags: Iterable<readonly [string, string]>): void {
  for (const [key, value] of Object.entries(requestTagContext(tags))) context.set(key, value);
}

/** Condition values for tags that a request sets. */
export function requestTagContext(
  tags: Iterable<readonly [key: string, value: string]>,
): Record<string, string | readonly string[]> {
  const all = [...tags];
  const values = all.map(([key, value]) => [`s3:requestobjecttag/${key.toLowerCase()}`, value] as const);
  return { ...Object.fromEntries(values), 's3:requestobjecttagkeys': all.map(([key]) => key) };
}

/** How the request was signed, as the authentication that passed has read it. */
function addSignature(context: Context, { headers, query, receivedAt }: RequestFacts): void {
  const presigned = query.get('X-Amz-Algorithm') ?? query.get('x-amz-algorithm');
  const authorization = headers.get('authorization');
  const version = presigned ?? authorization?.slice(0, authorization.indexOf(' '));
  if (version === undefined) return;
  context.set('s3:authtype', presigned === undefined ? 'REST-HEADER' : 'REST-QUERY-STRING');
  context.set('s3:signatureversion', version);
  const signedAt = parseBasicTime(query.get('X-Amz-Date') ?? headers.get('x-amz-date') ?? '');
  if (presigned !== undefined && signedAt !== null) {
    context.set('s3:signatureage', String(Math.max(0, receivedAt - signedAt)));
  }
  if (presigned !== undefined && !headers.has('x-amz-content-sha256')) {
    context.set('s3:x-amz-content-sha256', 'UNSIGNED-PAYLOAD');
  }
}

/** `20260131T080000Z` */
function parseBasicTime(text: string): number | null {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text) ?? [];
  const time = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  return Number.isNaN(time) ? null : time;
}

function copy(context: Context, key: string, value: string | undefined): void {
  if (value !== undefined) context.set(key, value);
}
