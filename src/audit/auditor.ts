// What the edges record with. Some refusals come before anybody was known or any bucket was looked up; whose they are is
// found out afterwards, in batches, so that refusing costs no more than it did.
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import { type S3KeyRecord, s3KeyKey } from '../metadata/tables/identities.ts';
import { type BucketRecord, bucketKey } from '../metadata/tables/objects.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import type { AccessKey, BucketName } from '../shared/ids.ts';
import { trailsOf } from './actor.ts';
import type { AuditEntry } from './entry.ts';
import type { AuditTrail } from './trail.ts';

const LOOK_EVERY_MS = 500;
/** More in half a second is a flood, of which the trail counts only a part anyway. */
const MAX_WAITING = 500;

/** What a request claimed and nobody has checked; `region` is where it came to. */
export type Clue = { readonly region: string; readonly bucket: string | null; readonly accessKey: string | null };

export type Auditor = Omit<AuditTrail, 'chainId'> & {
  /** For what was refused before its bucket and its key were looked up. */
  readonly noteClaimed: (entry: AuditEntry, clue: Clue) => void;
};

type Deps = {
  readonly store: MetadataStore;
  readonly onError: (error: unknown) => void;
};

type Claimed = { readonly entry: AuditEntry; readonly clue: Clue };

/** Closes the trail with itself. */
export function createAuditor(deps: Deps, trail: AuditTrail): Auditor {
  let waiting: Claimed[] = [];
  let looking: Promise<void> = Promise.resolve();
  const look = (): void => {
    if (waiting.length === 0) return;
    const claimed = waiting;
    waiting = [];
    looking = looking.then(() => noteAll(deps, trail, claimed)).catch(deps.onError);
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    record: trail.record,
    note: trail.note,
    noteClaimed: (entry, clue) => {
      if (waiting.length < MAX_WAITING) waiting.push({ entry, clue });
      else if (entry.category !== 'data') trail.note(entry);
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      look();
      await looking;
      await trail[Symbol.asyncDispose]();
    },
  };
}

async function noteAll({ store }: Deps, trail: AuditTrail, claimed: readonly Claimed[]): Promise<void> {
  const completed = await store.read(async (snapshot) => {
    const entries: AuditEntry[] = [];
    for (const { entry, clue } of claimed) {
      const bucket = await findBucket(snapshot, clue);
      if (entry.category === 'data' && !wantsData(bucket, entry.access)) continue;
      entries.push(complete(entry, bucket, await findKey(snapshot, clue.accessKey), clue));
    }
    return entries;
  });
  for (const entry of completed) trail.note(entry);
}

/** Whether requests for objects of this bucket are recorded. */
export function wantsData(bucket: BucketRecord | null, access: AuditEntry['access']): boolean {
  const { audits } = bucket ?? {};
  return audits === 'all' || (audits === 'write' && access === 'write');
}

function complete(
  entry: AuditEntry,
  bucket: BucketRecord | null,
  key: S3KeyRecord | null,
  { accessKey }: Clue,
): AuditEntry {
  const claims = accessKey === null ? {} : { accessKey: key === null ? masked(accessKey) : accessKey };
  return {
    ...entry,
    ...(bucket === null ? {} : { projectId: bucket.projectId, region: bucket.region }),
    accounts: trailsOf(...entry.accounts, bucket?.accountId, key?.accountId),
    who: { ...entry.who, ...claims, ...(key === null ? {} : { keyId: key.id }) },
  };
}

/** What is no access key may be a secret in the wrong place. */
const masked = (text: string): string => `${text.slice(0, 4)}…`;

async function findBucket(snapshot: Snapshot, { region, bucket }: Clue): Promise<BucketRecord | null> {
  if (bucket === null) return null;
  const value = await snapshot.get(bucketKey(region, bucket as BucketName));
  return value === undefined ? null : decodeRecord<BucketRecord>(value);
}

async function findKey(snapshot: Snapshot, accessKey: string | null): Promise<S3KeyRecord | null> {
  if (accessKey === null || !/^[A-Za-z0-9._-]{3,128}$/.test(accessKey)) return null;
  const value = await snapshot.get(s3KeyKey(accessKey as AccessKey));
  return value === undefined ? null : decodeRecord<S3KeyRecord>(value);
}
