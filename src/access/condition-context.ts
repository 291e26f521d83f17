// The values a policy's conditions can ask for.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys
import type { ConditionContext } from '../policy/policy.ts';
import type { Identity } from './principal.ts';

/** What a request says of itself; an S3Request is one. */
export type RequestFacts = {
  readonly receivedAt: number;
  readonly clientAddress: string;
  readonly secure: boolean;
  /** lower-case names */
  readonly headers: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, string>;
};

/** The keys every request has, S3 or management. */
export function requestContext(identity: Identity, facts: RequestFacts): Map<string, string> {
  const context = new Map([
    ['aws:currenttime', new Date(facts.receivedAt).toISOString()],
    ['aws:epochtime', String(Math.floor(facts.receivedAt / 1000))],
    ['aws:securetransport', String(facts.secure)],
    ['aws:sourceip', facts.clientAddress],
    ['aws:principalaccount', identity.accountId],
    ['aws:principaltype', identity.type === 'root' ? 'Account' : 'User'],
    ['aws:principalarn', arnOf(identity)],
    ['aws:userid', identity.type === 'root' ? identity.accountId : identity.userId],
  ]);
  if (identity.type === 'user') context.set('aws:username', identity.name);
  copy(context, 'aws:useragent', facts.headers.get('user-agent'));
  copy(context, 'aws:referer', facts.headers.get('referer'));
  return context;
}

export function arnOf(identity: Identity): string {
  const name = identity.type === 'root' ? 'root' : `user/${identity.name}`;
  return `arn:aws:iam::${identity.accountId}:${name}`;
}

/** Only the requests that list answer to them: on others anybody could add them to the query. */
const listings = new Set(['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads']);
const listParameters = ['prefix', 'delimiter', 'max-keys'];

export function s3Context(identity: Identity, action: string, facts: RequestFacts): ConditionContext {
  const context = requestContext(identity, facts);
  if (listings.has(action)) {
    for (const name of listParameters) copy(context, `s3:${name}`, facts.query.get(name));
  }
  if (action.includes('Version')) copy(context, 's3:versionid', facts.query.get('versionId'));
  for (const [name, value] of facts.headers) {
    if (name.startsWith('x-amz-')) context.set(`s3:${name}`, value);
  }
  addSignature(context, facts);
  return context;
}

/** How the request was signed, as the authentication that passed has read it. */
function addSignature(context: Map<string, string>, { headers, query, receivedAt }: RequestFacts): void {
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

function copy(context: Map<string, string>, key: string, value: string | undefined): void {
  if (value !== undefined) context.set(key, value);
}
