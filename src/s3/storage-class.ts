import { S3Error } from '../shared/errors.ts';
import type { S3Request } from './operation.ts';
import { findHeader } from './parameters.ts';
import type { S3Services } from './services.ts';

/** The class a write asks for, not yet known to exist; null: the bucket's own. */
export function findStorageClass(request: S3Request): string | null {
  return findHeader(request, 'x-amz-storage-class') || null;
}

export const invalidStorageClass = (name: string): S3Error =>
  new S3Error('InvalidStorageClass', { fields: { StorageClassRequested: name } });

/** The class a write gets. Throws InvalidStorageClass for one this server was not given a place for. */
export function resolveStorageClass(
  { storageClasses }: Pick<S3Services, 'storageClasses'>,
  asked: string | null,
  bucket: { readonly defaultStorageClass: string },
): string {
  const name = asked ?? bucket.defaultStorageClass;
  if (!storageClasses.includes(name)) throw invalidStorageClass(name);
  return name;
}
