// Somebody signed in, or a task of theirs, at work on buckets and objects: every question is put to the function that
// decides about S3 requests, as a request of theirs would be.
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import type { Clock } from '../shared/clock.ts';
import { S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { allowsS3, demandS3, listingOf } from './authorize.ts';
import type { RequestFacts } from './condition-context.ts';
import { type Guard, makeGuard } from './guard.ts';
import type { Identity } from './principal.ts';
import { type S3Ask, storeReader } from './s3-resource.ts';

export type S3Actor = {
  readonly identity: Identity;
  /** Throws AccessDenied unless all of it is allowed. */
  readonly demand: (...asks: readonly S3Ask[]) => Promise<void>;
  readonly allows: (ask: S3Ask) => Promise<boolean>;
  /** Asks again inside the commit. */
  readonly guard: (...asks: readonly S3Ask[]) => Guard;
};

type Deps = { readonly store: MetadataStore; readonly clock: Clock };

export function actAs(deps: Deps, identity: Identity, facts: RequestFacts): S3Actor {
  const principal = { kind: 'session', identity } as const;
  return {
    identity,
    demand: (...asks) => demandS3(storeReader(deps), principal, asks, facts),
    allows: (ask) => allowsS3(deps, principal, ask, facts),
    guard: (...asks) => makeGuard(deps, principal, asks, facts),
  };
}

type More = Pick<S3Ask, 'versionId' | 'isNew' | 'context'>;

/** A question about a bucket, or about one of its keys. */
export function askOf(action: string, bucket: BucketRecord, key: ObjectKey | null = null, more: More = {}): S3Ask {
  return { action, bucket: bucket.name, key, record: bucket, ...more };
}

/** The action on an object has another name when a version is named. */
export function versioned(
  verb: 'Get' | 'Put' | 'Delete',
  versionId: string | null,
  noun: '' | 'Acl' | 'Tagging' = '',
): string {
  return `s3:${verb}Object${versionId === null ? '' : 'Version'}${noun}`;
}

/** What to answer for a key that is not there: who may not list the bucket is not told which keys exist in it. */
export async function missingKey(actor: S3Actor, bucket: BucketRecord, key: ObjectKey): Promise<S3Error> {
  const mayKnow = await actor.allows(listingOf({ bucket: bucket.name, record: bucket }, key));
  return mayKnow ? new S3Error('NoSuchKey', { fields: { Key: key } }) : new S3Error('AccessDenied');
}
