// Object lock: what keeps a version from being removed, and what may change it. Pure.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
import type { ObjectLockConfiguration } from '../metadata/tables/bucket-configurations.ts';
import type { BucketRecord, ObjectLock, Retention, VersionRecord } from '../metadata/tables/objects.ts';
import { S3Error } from '../shared/errors.ts';
import { isMarker } from './find-version.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export const noLock: ObjectLock = { retention: null, legalHold: null };

/** `bypass`: the caller may, and asks to, override governance. */
export function isLocked({ retention, legalHold }: ObjectLock, now: number, bypass: boolean): boolean {
  if (legalHold === true) return true;
  return retention !== null && retention.until > now && !(bypass && retention.mode === 'GOVERNANCE');
}

const PROTECTED = 'Access Denied because object protected by object lock.';
const protectedByLock = (): S3Error => new S3Error('AccessDenied', { message: PROTECTED });

/** To clients it is one refusal of many; people are told that it is the lock. */
export const isLockRefusal = ({ code, message }: S3Error): boolean => code === 'AccessDenied' && message === PROTECTED;

/** Throws AccessDenied when the version must stay. Delete markers are never locked. */
export function checkRemovable(record: VersionRecord, now: number, bypass: boolean): void {
  if (!isMarker(record) && isLocked(record.lock ?? noLock, now, bypass)) throw protectedByLock();
}

/** A retention that still holds only grows; governance yields to those who may bypass it. */
export function checkRetentionChange(
  before: Retention | null,
  after: Retention | null,
  now: number,
  bypass: boolean,
): void {
  if (before === null || before.until <= now) return;
  const grows = after !== null && after.mode === before.mode && after.until >= before.until;
  if (!grows && !(bypass && before.mode === 'GOVERNANCE')) throw protectedByLock();
}

export function requireLockBucket({ objectLock }: BucketRecord): void {
  if (!objectLock) throw new S3Error('InvalidRequest', { message: 'Bucket is missing Object Lock Configuration' });
}

/** The same for a write that asks for a lock: AWS has other words for it. */
export function requireLockBucketForWrite({ objectLock }: BucketRecord): void {
  if (!objectLock) throw new S3Error('InvalidRequest', { message: 'Bucket is missing ObjectLockConfiguration' });
}

/** What a new version gets: what was asked for, else the bucket's default. undefined: nothing. */
export function lockOfNew(
  asked: ObjectLock,
  configuration: ObjectLockConfiguration | null,
  now: number,
): ObjectLock | undefined {
  const rule = configuration?.rule ?? null;
  const retention = asked.retention ?? (rule === null ? null : { mode: rule.mode, until: endOf(rule, now) });
  return retention === null && asked.legalHold === null ? undefined : { retention, legalHold: asked.legalHold };
}

function endOf({ unit, count }: NonNullable<ObjectLockConfiguration['rule']>, now: number): number {
  if (unit === 'days') return now + count * DAY_MS;
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + count);
  return end.getTime();
}
