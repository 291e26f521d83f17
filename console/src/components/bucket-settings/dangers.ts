// Changes of a bucket's settings that lose or open something: they are asked about before they are saved.
import type { LifecycleDocument } from '../../../../src/console-api/contract/bucket-lifecycle.ts';
import type {
  ObjectLockDocument,
  PublicAccessBlockDocument,
  VersioningDocument,
} from '../../../../src/console-api/contract/bucket-settings.ts';

/** What is at stake; its texts are `bucket-settings.ask.…`. */
export type Danger = 'suspend' | 'lock-forever' | 'unlocked' | 'strangers' | 'expire';

export const versioningDanger = (before: VersioningDocument, after: VersioningDocument): Danger | null =>
  before.Status === 'Enabled' && after.Status === 'Suspended' ? 'suspend' : null;

export function lockDanger(before: ObjectLockDocument, after: ObjectLockDocument): Danger | null {
  if (before.ObjectLockEnabled === undefined && after.ObjectLockEnabled !== undefined) return 'lock-forever';
  return before.Rule !== undefined && after.Rule === undefined ? 'unlocked' : null;
}

export function publicAccessDanger(before: PublicAccessBlockDocument, after: PublicAccessBlockDocument): Danger | null {
  const opened =
    (before.BlockPublicAcls && !after.BlockPublicAcls) ||
    (before.IgnorePublicAcls && !after.IgnorePublicAcls) ||
    (before.BlockPublicPolicy && !after.BlockPublicPolicy) ||
    (before.RestrictPublicBuckets && !after.RestrictPublicBuckets);
  return opened ? 'strangers' : null;
}

/** A rule that deletes and did not stand there before, word for word. */
export function lifecycleDanger(before: LifecycleDocument, after: LifecycleDocument): Danger | null {
  const known = new Set(before.Rules.map((rule) => JSON.stringify(rule)));
  const deletes = after.Rules.some(
    (rule) =>
      rule.Status === 'Enabled' &&
      (rule.Expiration !== undefined || rule.NoncurrentVersionExpiration !== undefined) &&
      !known.has(JSON.stringify(rule)),
  );
  return deletes ? 'expire' : null;
}
