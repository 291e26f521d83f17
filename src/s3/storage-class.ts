import { S3Error } from '../shared/errors.ts';
import type { S3Request } from './operation.ts';
import { findHeader } from './parameters.ts';

/** Gold, Instant Archive, Archive. */
export const STORAGE_CLASSES: readonly string[] = ['STANDARD', 'STANDARD_IA', 'DEEP_ARCHIVE'];

/** The class a write asks for, or null for the bucket's own. */
export function findStorageClass(request: S3Request): string | null {
  const text = findHeader(request, 'x-amz-storage-class') ?? '';
  if (text === '') return null;
  if (STORAGE_CLASSES.includes(text)) return text;
  throw new S3Error('InvalidStorageClass', { fields: { StorageClassRequested: text } });
}
