// Policy documents in answers and their sizes.
import { QueryError } from './errors.ts';

/** Answers carry documents percent-encoded as RFC 3986 has it; clients decode them. */
export const encodedDocument = (document: string): string =>
  encodeURIComponent(document).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** AWS's limits, which count no white space. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MAX_INLINE_CHARACTERS = { user: 2048, group: 5120, role: 10_240 } as const;
export const MAX_MANAGED_CHARACTERS = 6144;

export const sizeOf = (document: string): number => document.replaceAll(/\s/g, '').length;

/** Errors: LimitExceeded. */
export function checkManagedSize(document: string): void {
  if (sizeOf(document) <= MAX_MANAGED_CHARACTERS) return;
  throw new QueryError('LimitExceeded', `Cannot exceed quota for PolicySize: ${MAX_MANAGED_CHARACTERS}`);
}
