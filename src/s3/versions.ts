// Buckets without versioning: every object is its own "null" version.
import { S3Error } from '../shared/errors.ts';
import type { S3Request } from './operation.ts';
import { invalidArgument } from './parameters.ts';

const VERSION_ID = /^[A-Za-z0-9._-]{1,64}$/;

export type VersionChoice = 'current' | 'null' | 'unknown';

export function parseVersionId(text: string | undefined): VersionChoice {
  if (text === undefined) return 'current';
  if (text === 'null') return 'null';
  if (VERSION_ID.test(text)) return 'unknown';
  throw invalidArgument('versionId', text, 'Invalid version id specified');
}

export function versionOf(request: S3Request): VersionChoice {
  return parseVersionId(request.query.get('versionId'));
}

/** Writes make a version; they do not name one. */
export function refuseVersionId(request: S3Request): void {
  const text = request.query.get('versionId');
  if (text !== undefined) throw invalidArgument('versionId', text, 'This operation does not accept a version-id.');
}

export function noSuchVersion(key: string, versionId: string): S3Error {
  return new S3Error('NoSuchVersion', { fields: { Key: key, VersionId: versionId } });
}
