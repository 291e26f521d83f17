// The names of events, in configurations and in messages.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
import type { ObjectChange } from '../storage/changes.ts';

/** Events that happen here. */
const HAPPENING = [
  's3:TestEvent',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Post',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
  's3:ObjectTagging:Put',
  's3:ObjectTagging:Delete',
  's3:ObjectAcl:Put',
  's3:ObjectRestore:Post',
  's3:ObjectRestore:Completed',
  's3:ObjectRestore:Delete',
  's3:LifecycleExpiration:Delete',
  's3:LifecycleExpiration:DeleteMarkerCreated',
  's3:LifecycleTransition',
];

/** The names that vStorage had for expiry; they stand for S3's. */
const CURRENT = 's3:ObjectLifecycle:Expiration:Current';
const MARKER = 's3:ObjectLifecycle:Expiration:DeleteMarker';

/** Taken in configurations: some never happen here (nothing is ever lost, nothing replicated), as on AWS. */
const TAKEN = new Set([
  ...HAPPENING,
  ...['ObjectCreated', 'ObjectRemoved', 'ObjectTagging', 'ObjectRestore', 'LifecycleExpiration', 'Replication'].map(
    (family) => `s3:${family}:*`,
  ),
  's3:ObjectLifecycle:Expiration:*',
  CURRENT,
  MARKER,
  's3:ReducedRedundancyLostObject',
  's3:IntelligentTiering',
  's3:Replication:OperationFailedReplication',
  's3:Replication:OperationMissedThreshold',
  's3:Replication:OperationReplicatedAfterThreshold',
  's3:Replication:OperationNotTracked',
]);

export const isEventName = (text: string): boolean => TAKEN.has(text);

/** Could one event be meant by both? */
export function overlap(a: string, b: string): boolean {
  return HAPPENING.some((name) => means(a, name) && means(b, name)) || a === b;
}

/** Whether a configured name means this event. */
function means(configured: string, name: string): boolean {
  if (configured.endsWith(':*')) {
    const family = configured.replace('s3:ObjectLifecycle:Expiration:', 's3:LifecycleExpiration:').slice(0, -1);
    return name.startsWith(family);
  }
  if (configured === CURRENT) return name.startsWith('s3:LifecycleExpiration:');
  if (configured === MARKER) return name === 's3:LifecycleExpiration:Delete';
  return configured === name;
}

/** Who changed the object: a request, by its operation, or a lifecycle rule. */
export type Cause = { readonly by: 'request'; readonly operation: string } | { readonly by: 'lifecycle' };

const CREATED_BY: Readonly<Record<string, string>> = {
  PutObject: 's3:ObjectCreated:Put',
  PostObject: 's3:ObjectCreated:Post',
  CopyObject: 's3:ObjectCreated:Copy',
  CompleteMultipartUpload: 's3:ObjectCreated:CompleteMultipartUpload',
};

/** S3's names of what happened. */
export function namesOf(change: ObjectChange, cause: Cause): readonly string[] {
  const removal = cause.by === 'lifecycle' ? 's3:LifecycleExpiration' : 's3:ObjectRemoved';
  switch (change.kind) {
    case 'created':
      return [(cause.by === 'request' ? CREATED_BY[cause.operation] : undefined) ?? 's3:ObjectCreated:Put'];
    case 'removed':
      return [`${removal}:Delete`];
    case 'marked':
      return [`${removal}:DeleteMarkerCreated`];
    case 'tagged':
      return ['s3:ObjectTagging:Put'];
    case 'untagged':
      return ['s3:ObjectTagging:Delete'];
    case 'acl-changed':
      return ['s3:ObjectAcl:Put'];
    case 'restored':
      return ['s3:ObjectRestore:Post', 's3:ObjectRestore:Completed'];
    case 'restore-ended':
      return ['s3:ObjectRestore:Delete'];
    case 'transitioned':
      return ['s3:LifecycleTransition'];
  }
}

/** Whether a configuration asks for an event of this name, of this change. */
export function asksFor(configured: string, name: string, change: ObjectChange): boolean {
  if (!means(configured, name)) return false;
  const isMarkersEnd = change.kind === 'removed' && change.object === null;
  if (configured === CURRENT) return !isMarkersEnd;
  return configured !== MARKER || isMarkersEnd;
}
