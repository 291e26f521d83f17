// Asked once for every request, before anything of it is done: S3 requests by the pipeline, management by the routes.
import { type KeyUseMemory, noteKeyUse } from '../identity/key-use.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { ProblemError, S3Error } from '../shared/errors.ts';
import type { BucketName, ObjectKey } from '../shared/ids.ts';
import { type RequestFacts, arnOf, requestContext, s3Context } from './condition-context.ts';
import { type Decision, type Resource, decide, decideByIdentity } from './decide.ts';
import type { Identity, Principal } from './principal.ts';

/** One permission an S3 request needs. */
export type S3Ask = {
  readonly action: string;
  /** null: about no bucket (ListBuckets) */
  readonly bucket: BucketName | null;
  readonly key: ObjectKey | null;
  /** null: the bucket does not exist (CreateBucket) */
  readonly record: BucketRecord | null;
};

export function resourceArn({ bucket, key }: Pick<S3Ask, 'bucket' | 'key'>): string {
  if (bucket === null) return '*';
  return key === null ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`;
}

/** A key's project is the only one it reaches, and findSigner has read whether that is in the trash. */
function resourceOf(record: BucketRecord | null): Resource {
  if (record === null) return null;
  return { accountId: record.accountId, projectId: record.projectId, projectTrashed: false };
}

export function decideS3(principal: Principal, ask: S3Ask, facts: RequestFacts): Decision {
  // root's answer depends on no condition: its requests are spared the work of collecting them
  const bare = principal.kind === 'anonymous' || principal.identity.type === 'root';
  const context = bare ? new Map<string, string>() : s3Context(principal.identity, ask.action, facts);
  const question = { action: ask.action, resource: resourceArn(ask), context };
  return decide(principal, question, resourceOf(ask.record));
}

/** For a further question of an operation, such as whether a missing key may be called missing. */
export function allowsS3(principal: Principal, ask: S3Ask, facts: RequestFacts): boolean {
  return decideS3(principal, ask, facts).kind === 'allow';
}

/** Throws AccessDenied unless every one of `asks` is allowed. */
export function demandS3(principal: Principal, asks: readonly S3Ask[], facts: RequestFacts): void {
  for (const ask of asks) {
    const decision = decideS3(principal, ask, facts);
    if (decision.kind !== 'allow') throw new S3Error('AccessDenied', { message: explain(principal, ask, decision) });
  }
}

export type AuthorizeDeps = { readonly store: MetadataStore; readonly keyUses: KeyUseMemory };

/** Decides about an authenticated S3 request and notes the use of its key. */
export async function authorizeS3(
  deps: AuthorizeDeps,
  principal: Principal,
  asks: readonly S3Ask[],
  facts: RequestFacts,
): Promise<void> {
  if (principal.kind === 's3-key') {
    const { keyId, accessKey } = principal;
    const action = asks[0]?.action ?? '';
    const use = { keyId, accessKey, at: facts.receivedAt, action, clientAddress: facts.clientAddress };
    await noteKeyUse(deps.store, deps.keyUses, use);
  }
  demandS3(principal, asks, facts);
}

/** Worded as AWS words it, for the people and programs that read it. */
function explain(principal: Principal, ask: S3Ask, decision: Decision): string {
  if (principal.kind === 'anonymous' || decision.kind === 'allow') return 'Access Denied.';
  const { identity } = principal;
  if (decision.kind === 'refused') {
    if (decision.reason === 'other-project')
      return 'Access Denied: this S3 key reaches the buckets of its own project only.';
    if (decision.reason === 'project-in-trash') return 'Access Denied: the project of this S3 key is in the trash.';
    return 'Access Denied.';
  }
  const why =
    decision.kind === 'deny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${ask.action} action`;
  return `User: ${arnOf(identity)} is not authorized to perform: ${ask.action} on resource: "${resourceArn(ask)}" ${why}`;
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
  if (allowsManagement(identity, action, resource, facts)) return;
  const message = `You may not do this: no policy of yours allows ${action}, or one denies it. Ask the owner of the account.`;
  throw new ProblemError(403, 'access-denied', message);
}
