// May this identity or key do this, and why: the questions that requests put, put by hand, to the function that decides
// requests. Nothing here decides anything itself.
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { loadIdentity } from '../identity/load-identity.ts';
import { readKeyById } from '../identity/s3-key-rows.ts';
import type { Snapshot } from '../metadata/metadata-store.ts';
import type { IdentityRef, S3KeyRecord } from '../metadata/tables/identities.ts';
import { type BucketRecord, bucketKey } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { managementActions, s3Actions } from '../policy/actions.ts';
import type { ConditionContext } from '../policy/policy.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId, BucketName, ObjectKey, S3KeyId } from '../shared/ids.ts';
import { decideS3 } from './authorize.ts';
import { type RequestFacts, requestContext } from './condition-context.ts';
import { type Decision, isOwn } from './decide.ts';
import { decideByIdentity } from './decide-by-identity.ts';
import type { Principal } from './principal.ts';
import { type S3Ask, storeReader } from './s3-resource.ts';
import { isUsable, loadKeyOwner, readRestriction } from './signers.ts';

export type SimulatedAsker = IdentityRef | { readonly type: 's3-key'; readonly keyId: S3KeyId };

export type SimulatedQuestion = {
  readonly action: string;
  /** `arn:aws:s3:::bucket/key`, `vstorage::ACCOUNT:project/ID`, or `*` */
  readonly resource: string;
  /** by condition key, in any case */
  readonly conditions: Readonly<Record<string, string | readonly string[]>>;
};

export type SimulatedDecision = Decision | { readonly kind: 'refused'; readonly reason: DeadEnd };
/** Before any policy is asked. */
export type DeadEnd = 'key-unusable' | 'creator-inactive' | 'identity-inactive' | 'not-for-keys';

export type Simulated = {
  readonly decision: SimulatedDecision;
  /** null: the question names no bucket, or there is none of this name */
  readonly bucket: { readonly name: string; readonly accountId: AccountId } | null;
};

type Deps = Pick<IdentityDeps, 'store' | 'clock' | 'regionNames'>;

export async function simulate(
  deps: Deps,
  accountId: AccountId,
  asker: SimulatedAsker,
  wanted: SimulatedQuestion,
): Promise<Simulated> {
  const question = { ...wanted, action: parseAction(wanted.action) };
  const principal = await deps.store.read((snapshot) => loadAsker(deps, snapshot, accountId, asker));
  if (typeof principal === 'string') return { decision: { kind: 'refused', reason: principal }, bucket: null };
  return question.action.startsWith('vstorage:')
    ? { decision: decideManagement(deps, principal, question), bucket: null }
    : simulateS3(deps, principal, question);
}

const actionNames = new Map([...s3Actions, ...managementActions].map(({ name }) => [name.toLowerCase(), name]));

/** As requests spell it. */
function parseAction(action: string): string {
  const name = actionNames.get(action.toLowerCase());
  if (name !== undefined) return name;
  const message = `${JSON.stringify(action)} is not an action of this server; docs/iam-actions.md lists them.`;
  throw new ProblemError(400, 'invalid-action', message, { field: 'action' });
}

type Known = Exclude<Principal, { kind: 'anonymous' }>;

async function loadAsker(
  deps: Deps,
  snapshot: Snapshot,
  accountId: AccountId,
  asker: SimulatedAsker,
): Promise<Known | DeadEnd> {
  if (asker.type === 's3-key') return loadKey(deps, snapshot, accountId, asker.keyId);
  const identity = await loadIdentity(snapshot, accountId, asker);
  return identity === undefined ? 'identity-inactive' : { kind: 'session', identity };
}

async function loadKey(deps: Deps, snapshot: Snapshot, accountId: AccountId, keyId: S3KeyId): Promise<Known | DeadEnd> {
  const record: S3KeyRecord | undefined = await readKeyById(snapshot, keyId);
  if (record === undefined || record.accountId !== accountId) {
    throw new ProblemError(404, 'no-such-s3-key', 'There is no S3 key of this id.');
  }
  if (!isUsable(record, deps.clock())) return 'key-unusable';
  const { owner, epoch } = await loadKeyOwner(snapshot, record);
  if (owner === null) return 'creator-inactive';
  const { accessKey, projectId } = record;
  const restriction = readRestriction(record);
  return { kind: 's3-key', ...owner, keyId, accessKey, projectId, epoch, restriction };
}

const S3_ARN = 'arn:aws:s3:::';

async function simulateS3(deps: Deps, principal: Known, question: SimulatedQuestion): Promise<Simulated> {
  const { action } = question;
  const { bucket, key } = parseResource(question.resource);
  const { facts, given } = factsOf(deps.clock(), question.conditions);
  const record = bucket === null ? null : await findBucket(deps, bucket, principal, given.get('aws:requestedregion'));
  const ask: S3Ask = { action, bucket, key, record, context: Object.fromEntries(given) };
  const decision = await decideS3(storeReader(deps), principal, ask, facts);
  return { decision, bucket: record === null ? null : { name: record.name, accountId: record.accountId } };
}

function parseResource(resource: string): { bucket: BucketName | null; key: ObjectKey | null } {
  if (resource === '*' || resource === '') return { bucket: null, key: null };
  if (!resource.startsWith(S3_ARN) || resource.length === S3_ARN.length) {
    const message = 'A resource of S3 is written arn:aws:s3:::BUCKET or arn:aws:s3:::BUCKET/KEY, or * for no bucket.';
    throw new ProblemError(400, 'invalid-resource', message, { field: 'resource' });
  }
  const path = resource.slice(S3_ARN.length);
  const slash = path.indexOf('/');
  const bucket = (slash < 0 ? path : path.slice(0, slash)) as BucketName;
  return { bucket, key: slash < 0 ? null : (path.slice(slash + 1) as ObjectKey) };
}

/** Regions may have buckets of one name: the region that is given, else the asker's own bucket, else the first. */
async function findBucket(
  { store, regionNames }: Deps,
  name: BucketName,
  principal: Known,
  region: string | readonly string[] | undefined,
): Promise<BucketRecord | null> {
  const keys = regionNames.map((each) => bucketKey(each, name));
  const values = await store.read((snapshot) => snapshot.getMany(keys));
  const found = values.flatMap((value) => (value === undefined ? [] : [decodeRecord<BucketRecord>(value)]));
  const inRegion = found.find((bucket) => typeof region === 'string' && bucket.region === region.toUpperCase());
  return inRegion ?? found.find((bucket) => isOwn(principal, bucket)) ?? found[0] ?? null;
}

/** What is not given is as in a request of now, over TLS, from nowhere. */
function factsOf(
  now: number,
  conditions: SimulatedQuestion['conditions'],
): { facts: RequestFacts; given: ReadonlyMap<string, string | readonly string[]> } {
  const given = new Map(Object.entries(conditions).map(([key, value]) => [key.toLowerCase(), value]));
  const time = given.get('aws:currenttime');
  const receivedAt = typeof time === 'string' ? Date.parse(time) : now;
  if (Number.isNaN(receivedAt)) {
    const message = 'aws:CurrentTime is a time such as 2026-01-31T08:00:00Z.';
    throw new ProblemError(400, 'invalid-condition', message, { field: 'conditions' });
  }
  const facts = { receivedAt, clientAddress: '', secure: true, headers: new Map(), query: new Map() };
  return { facts, given };
}

function decideManagement(
  deps: Deps,
  principal: Known,
  { action, resource, conditions }: SimulatedQuestion,
): SimulatedDecision {
  if (principal.kind === 's3-key') return { kind: 'refused', reason: 'not-for-keys' };
  const { facts, given } = factsOf(deps.clock(), conditions);
  const context: ConditionContext = new Map([...requestContext(principal.identity, facts), ...given]);
  return decideByIdentity(principal.identity, { action, resource, context });
}
