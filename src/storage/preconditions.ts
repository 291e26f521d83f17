// Conditional requests. Reads: RFC 9110 §13.2.2 with the precedence AWS documents:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html · …/conditional-writes.html
import type { ObjectRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import { bareEtag, etagListHas } from './etag.ts';

/** Header texts; dates in ms since 1970, null when absent or not a date. */
export type ReadConditions = {
  readonly ifMatch: string | null;
  readonly ifNoneMatch: string | null;
  readonly ifModifiedSince: number | null;
  readonly ifUnmodifiedSince: number | null;
};

export type WritePreconditions = { readonly ifMatch: string | null; readonly ifNoneMatch: string | null };

export const noPreconditions: WritePreconditions = { ifMatch: null, ifNoneMatch: null };

type Validators = Pick<ObjectRecord, 'etag' | 'lastModified'>;

/** Dates in headers have whole seconds. */
const seconds = (ms: number): number => Math.floor(ms / 1000);

function isChanged(conditions: ReadConditions, object: Validators): boolean {
  if (conditions.ifMatch !== null) return !etagListHas(conditions.ifMatch, object.etag);
  const since = conditions.ifUnmodifiedSince;
  return since !== null && seconds(object.lastModified) > seconds(since);
}

function isUnmodified(conditions: ReadConditions, object: Validators): boolean {
  if (conditions.ifNoneMatch !== null) return etagListHas(conditions.ifNoneMatch, object.etag);
  const since = conditions.ifModifiedSince;
  return since !== null && seconds(object.lastModified) <= seconds(since);
}

/** `failed` is 412; `not-modified` is 304 for GET and HEAD, 412 for the source of a copy. */
export function checkRead(conditions: ReadConditions, object: Validators): 'ok' | 'not-modified' | 'failed' {
  if (isChanged(conditions, object)) return 'failed';
  return isUnmodified(conditions, object) ? 'not-modified' : 'ok';
}

const failed = (condition: string): S3Error => new S3Error('PreconditionFailed', { fields: { Condition: condition } });

/** Throws when the key's current object (undefined: none) forbids the write. A delete marker counts as none. */
export function checkWrite(preconditions: WritePreconditions, current: Validators | undefined): void {
  const { ifMatch, ifNoneMatch } = preconditions;
  if (ifNoneMatch !== null) {
    if (ifNoneMatch.trim() !== '*') {
      throw new S3Error('NotImplemented', { fields: { Header: 'If-None-Match' } });
    }
    if (current !== undefined) throw failed('If-None-Match');
  }
  if (ifMatch === null) return;
  if (current === undefined) throw new S3Error('NoSuchKey');
  if (!etagListHas(ifMatch, current.etag)) throw failed('If-Match');
}

/** If-Match of a delete: `*`, or the entity tag the object must still have. */
export function checkDelete(ifMatch: string, current: Validators | undefined): void {
  if (current === undefined) throw new S3Error('NoSuchKey');
  if (ifMatch.trim() !== '*' && bareEtag(ifMatch) !== current.etag) throw failed('If-Match');
}
