// What is worth a second look about a key that works. Dead keys warn of nothing.
import type { S3KeyRecord } from '../metadata/tables/identities.ts';
import { decideByIdentity } from './decide-by-identity.ts';
import { askRestriction } from './key-restriction.ts';
import type { Identity } from './principal.ts';
import { isUsable, readRestriction } from './signers.ts';

export const keyWarningNames = ['unused', 'old', 'never-expires', 'over-broad'] as const;
export type KeyWarning = (typeof keyWarningNames)[number];

const DAY_MS = 86_400_000;
export const UNUSED_AFTER_DAYS = 90;
export const OLD_AFTER_DAYS = 365;

/** `creator` undefined: disabled or gone. */
export function keyWarnings(
  record: S3KeyRecord,
  creator: Identity | undefined,
  { lastUsedAt, now }: { readonly lastUsedAt: number | null; readonly now: number },
): KeyWarning[] {
  if (creator === undefined || !isUsable(record, now)) return [];
  const holds: Readonly<Record<KeyWarning, boolean>> = {
    unused: now - (lastUsedAt ?? record.createdAt) >= UNUSED_AFTER_DAYS * DAY_MS,
    old: now - record.createdAt >= OLD_AFTER_DAYS * DAY_MS,
    'never-expires': record.expiresAt === null && record.rotation === undefined,
    'over-broad': isOverBroad(record, creator),
  };
  return keyWarningNames.filter((name) => holds[name]);
}

/** Of any bucket, from anywhere, at any time: no condition holds for such a question. */
const BUCKET = 'arn:aws:s3:::any-bucket-whatever-it-is-called';
const probes = [
  { action: 's3:GetObject', resource: `${BUCKET}/any-object` },
  { action: 's3:DeleteObject', resource: `${BUCKET}/any-object` },
  { action: 's3:PutBucketPolicy', resource: BUCKET },
];
const nothingKnown = new Map<string, string>();

/** May it read, delete and share everything in its project? */
function isOverBroad(record: S3KeyRecord, creator: Identity): boolean {
  const restriction = readRestriction(record);
  return probes.every((probe) => {
    const question = { ...probe, context: nothingKnown };
    if (restriction !== null && askRestriction(restriction, question).kind !== 'allow') return false;
    return decideByIdentity(creator, question).kind === 'allow';
  });
}
