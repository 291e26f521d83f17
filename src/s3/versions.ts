// Version ids as requests name them and answers show them.
import type { BucketRecord, VersionRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import type { ObjectKey } from '../shared/ids.ts';
import { findVersion, isMarker } from '../storage/find-version.ts';
import type { ObjectRecord } from '../metadata/tables/objects.ts';
import { httpDate } from './object-headers.ts';
import type { Method, OperationContext, Permission, S3Request } from './operation.ts';
import { invalidArgument } from './parameters.ts';

/** What S3 takes for a version id, its own or another server's. */
const VERSION_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** null: none is named. Which of them exist, the storage knows. */
export function parseVersionId(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (text === '') throw invalidArgument('versionId', text, 'Version id cannot be the empty string');
  if (VERSION_ID.test(text)) return text;
  throw invalidArgument('versionId', text, 'Invalid version id specified');
}

export function versionOf(request: S3Request): string | null {
  return parseVersionId(request.query.get('versionId'));
}

/** The permission of an operation on objects, which has another name when a version is named. */
export function versionedAction(
  versionId: string | null,
  verb: 'Get' | 'Put' | 'Delete',
  noun: '' | 'Acl' | 'Tagging' | 'Attributes' = '',
): string {
  return `s3:${verb}Object${versionId === null ? '' : 'Version'}${noun}`;
}

/** Writes make a version; they do not name one. */
export function refuseVersionId(request: S3Request): void {
  const text = request.query.get('versionId');
  if (text !== undefined) throw invalidArgument('versionId', text, 'This operation does not accept a version-id.');
}

/** Of answers to requests that read: buckets that never had versioning do not speak of versions. */
export function versionHeaders(bucket: BucketRecord, record: Pick<VersionRecord, 'versionId'>): Record<string, string> {
  return bucket.versioning === 'off' ? {} : { 'x-amz-version-id': record.versionId };
}

/** Of answers to requests that made an object: a null version, too, goes without. */
export function newVersionHeaders({ versionId }: { readonly versionId: string }): Record<string, string> {
  return versionId === 'null' ? {} : { 'x-amz-version-id': versionId };
}

export type VersionSource = {
  readonly bucket: BucketRecord;
  readonly key: ObjectKey;
  /** null: the latest */
  readonly versionId: string | null;
};

/** Errors: NoSuchKey, NoSuchVersion, MethodNotAllowed (a delete marker named), AccessDenied. */
export async function getVersion(context: OperationContext, source: VersionSource): Promise<ObjectRecord> {
  const found = await findVersion(context.services, source.bucket, source.key, source.versionId);
  if (found !== undefined && !isMarker(found)) return found;
  if (source.versionId === null) throw await missing(context, source, found);
  throw found === undefined ? noSuchVersion(source.key, source.versionId) : markerNamed(context.request.method, found);
}

function noSuchVersion(key: string, versionId: string): S3Error {
  return new S3Error('NoSuchVersion', { fields: { Key: key, VersionId: versionId } });
}

const markerHeaders = ({ versionId }: VersionRecord): Record<string, string> => ({
  'x-amz-delete-marker': 'true',
  'x-amz-version-id': versionId,
});

function markerNamed(method: Method, marker: VersionRecord): S3Error {
  return new S3Error('MethodNotAllowed', {
    fields: { Method: method, ResourceType: 'DeleteMarker' },
    headers: { ...markerHeaders(marker), allow: 'DELETE', 'last-modified': httpDate(marker.lastModified) },
  });
}

/** Who may not list the bucket is not told which keys exist in it. */
async function missing(
  context: OperationContext,
  { bucket, key }: VersionSource,
  marker: VersionRecord | undefined,
): Promise<S3Error> {
  // a condition on the prefix of listings speaks of the key itself here
  const on = { bucket: bucket.name, key: null };
  const listing: Permission = { action: 's3:ListBucket', on, context: { 's3:prefix': key } };
  if (!(await context.allows(listing))) return new S3Error('AccessDenied');
  return new S3Error('NoSuchKey', {
    fields: { Key: key },
    headers: marker === undefined ? {} : markerHeaders(marker),
  });
}
