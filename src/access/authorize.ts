// Asked once for every request, before anything of it is done: S3 requests by the pipeline, management by the routes.
import { type KeyUseMemory, isNoted, noteKeyUse } from '../identity/key-use.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { Question } from '../policy/policy.ts';
import { ProblemError, S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { type RequestFacts, requestContext, s3Context } from './condition-context.ts';
import { type Decision, type Resource, decide } from './decide.ts';
import { decideByIdentity } from './decide-by-identity.ts';
import { Denied } from './denied.ts';
import { type Identity, type Principal, arnOf } from './principal.ts';
import { type ResourceReader, type S3Ask, isMissing, loadResource, storeReader } from './s3-resource.ts';

export function resourceArn({ bucket, key }: Pick<S3Ask, 'bucket' | 'key'>): string {
  // what is asked of no bucket is allowed on `*` and, as AWS's own examples write it, on `arn:aws:s3:::*`
  if (bucket === null) return 'arn:aws:s3:::*';
  return key === null ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`;
}

const noContext: ReadonlyMap<string, string> = new Map();

type Decided = { readonly decision: Decision; readonly question: Question };

function decideLoaded(principal: Principal, ask: S3Ask, resource: Resource, facts: RequestFacts): Decided {
  // without policies an answer depends on no condition: such requests are spared the work of collecting them
  const bare = principal.kind === 'anonymous' || (principal.identity.type === 'root' && !isRestricted(principal));
  const noPolicies = bare && (resource === null || resource.access.policy === null);
  const context = noPolicies ? noContext : contextOf(principal, ask, resource, facts);
  const question = { action: ask.action, resource: resourceArn(ask), context };
  return { question, decision: decide(principal, question, resource) };
}

const isRestricted = (principal: Principal): boolean => principal.kind === 's3-key' && principal.restriction !== null;

function contextOf(
  principal: Principal,
  ask: S3Ask,
  resource: Resource,
  facts: RequestFacts,
): ReturnType<typeof s3Context> {
  return s3Context(principal.kind === 'anonymous' ? null : principal.identity, facts, {
    action: ask.action,
    versionId: ask.versionId ?? null,
    bucket: ask.record,
    tags: resource?.object?.tags ?? [],
    more: ask.context ?? {},
  });
}

export async function decideS3(
  reader: ResourceReader,
  principal: Principal,
  ask: S3Ask,
  facts: RequestFacts,
): Promise<Decision> {
  return decideLoaded(principal, ask, await loadResource(reader, principal, ask), facts).decision;
}

/** For a further question of an operation, such as whether a missing key may be called missing. */
export async function allowsS3(
  deps: { readonly store: MetadataStore },
  principal: Principal,
  ask: S3Ask,
  facts: RequestFacts,
): Promise<boolean> {
  return (await decideS3(storeReader(deps), principal, ask, facts)).kind === 'allow';
}

/** Throws AccessDenied unless every one of `asks` is allowed. */
export async function demandS3(
  reader: ResourceReader,
  principal: Principal,
  asks: readonly S3Ask[],
  facts: RequestFacts,
): Promise<void> {
  for (const ask of asks) {
    const resource = await loadResource(reader, principal, ask);
    const { decision, question } = decideLoaded(principal, ask, resource, facts);
    if (decision.kind === 'allow') continue;
    if (decision.kind !== 'deny' && (await mayKnowItIsMissing(reader, principal, ask, facts))) {
      throw new S3Error('NoSuchKey', { fields: { Key: ask.key ?? '' } });
    }
    const cause = new Denied(principal, question, resource, decision);
    throw new S3Error('AccessDenied', { message: explain(principal, ask, decision), cause });
  }
}

/** Who may list a bucket is told that a key is not in it, even where the object could not be read. */
async function mayKnowItIsMissing(
  reader: ResourceReader,
  principal: Principal,
  ask: S3Ask,
  facts: RequestFacts,
): Promise<boolean> {
  const { key, record } = ask;
  if (ask.action !== 's3:GetObject' || key === null || record === null) return false;
  if (!(await isMissing(reader, { ...ask, key, record }))) return false;
  return (await decideS3(reader, principal, listingOf(ask, key), facts)).kind === 'allow';
}

/** A condition on the prefix of listings speaks of the key itself here. */
export function listingOf({ bucket, record }: Pick<S3Ask, 'bucket' | 'record'>, key: ObjectKey): S3Ask {
  return { action: 's3:ListBucket', bucket, key: null, record, context: { 's3:prefix': key } };
}

export type AuthorizeDeps = { readonly store: MetadataStore; readonly keyUses: KeyUseMemory };

/** Decides about an authenticated S3 request and notes the use of its key. */
export async function authorizeS3(
  deps: AuthorizeDeps,
  principal: Principal,
  asks: readonly S3Ask[],
  facts: RequestFacts,
): Promise<void> {
  // what a watched key does is noted when it is known what came of it
  if (principal.kind === 's3-key' && principal.watchedUntil === undefined) {
    const { keyId, accessKey } = principal;
    const at = facts.receivedAt;
    const use = { keyId, accessKey, at, action: asks[0]?.action ?? '', clientAddress: facts.clientAddress };
    if (!isNoted(deps.keyUses, use)) await noteKeyUse(deps.store, deps.keyUses, use);
  }
  await demandS3(storeReader(deps), principal, asks, facts);
}

/** Worded as AWS words it, for the people and programs that read it. */
function explain(principal: Principal, ask: S3Ask, decision: Decision): string {
  if (principal.kind === 'anonymous' || decision.kind === 'allow') return 'Access Denied.';
  const refusal = `User: ${arnOf(principal.identity)} is not authorized to perform: ${ask.action} on resource: "${resourceArn(ask)}"`;
  if (decision.kind === 'refused') {
    if (decision.reason === 'other-project')
      return 'Access Denied: this S3 key reaches the buckets of its own project only.';
    if (decision.reason === 'project-in-trash') return 'Access Denied: the project is in the trash.';
    if (decision.reason === 'key-restriction') {
      return `Access Denied: the restriction of this S3 key does not allow ${ask.action} on resource: "${resourceArn(ask)}"`;
    }
    if (decision.reason === 'permissions-boundary')
      return `${refusal} because no permissions boundary allows the ${ask.action} action`;
    if (decision.reason === 'session-policy')
      return `${refusal} because no session policy allows the ${ask.action} action`;
    return 'Access Denied.';
  }
  const kind = decision.kind === 'deny' && decision.policy === 'bucket policy' ? 'resource' : 'identity';
  const why =
    decision.kind === 'deny'
      ? `with an explicit deny in ${kind === 'resource' ? 'a resource' : 'an identity'}-based policy`
      : `because no identity-based policy allows the ${ask.action} action`;
  return `${refusal} ${why}`;
}

const noFacts: RequestFacts = {
  receivedAt: 0,
  clientAddress: '',
  secure: true,
  headers: new Map(),
  query: new Map(),
};

/** `facts` may be left out only where nobody's request is behind the question. */
export function allowsManagement(identity: Identity, action: string, resource: string, facts?: RequestFacts): boolean {
  const context = requestContext(identity, facts ?? noFacts);
  return decideByIdentity(identity, { action, resource, context }).kind === 'allow';
}

/** Throws ProblemError 403 unless the identity may. */
export function authorizeManagement(identity: Identity, action: string, resource: string, facts?: RequestFacts): void {
  const question = { action, resource, context: requestContext(identity, facts ?? noFacts) };
  const decision = decideByIdentity(identity, question);
  if (decision.kind === 'allow') return;
  const message = `You may not do this: no policy of yours allows ${action}, or one denies it. Ask the owner of the account.`;
  const cause = new Denied({ kind: 'session', identity }, question, null, decision);
  throw new ProblemError(403, 'access-denied', message, { cause });
}
