// For tests and benchmarks: entries as a busy server leaves them, the same for the same seed.
import type { AuditEntry, AuditOutcome } from '../../src/audit/entry.ts';

export type Random = () => number;

/** mulberry32: small, fast, good enough for choosing. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const OPERATIONS = [
  ['GetObject', 's3:GetObject', 'data', 'read', 40],
  ['PutObject', 's3:PutObject', 'data', 'write', 25],
  ['HeadObject', 's3:GetObject', 'data', 'read', 10],
  ['ListObjectsV2', 's3:ListBucket', 'data', 'read', 8],
  ['DeleteObject', 's3:DeleteObject', 'data', 'write', 6],
  ['GetBucketPolicy', 's3:GetBucketPolicy', 'management', 'read', 3],
  ['PutBucketPolicy', 's3:PutBucketPolicy', 'management', 'write', 1],
  ['CreateBucket', 's3:CreateBucket', 'management', 'write', 1],
  ['ListS3Keys', 'vstorage:ListOwnS3Key', 'management', 'read', 3],
  ['CreateS3Key', 'vstorage:CreateOwnS3Key', 'management', 'write', 1],
  ['SignIn', null, 'sign-in', 'write', 2],
] as const;

export type TrailShape = {
  readonly accounts: number;
  readonly usersPerAccount: number;
  readonly bucketsPerAccount: number;
  readonly foldersPerBucket: number;
};

export const busyShape: TrailShape = {
  accounts: 20,
  usersPerAccount: 50,
  bucketsPerAccount: 10,
  foldersPerBucket: 200,
};

/** Half of everything is the first account's. */
export function makeEntry(random: Random, at: number, shape: TrailShape): AuditEntry {
  const upTo = (count: number): number => Math.floor(random() * count);
  const account = random() < 0.5 ? 0 : upTo(shape.accounts);
  const accountId = String(100_000_000_000 + account);
  const user = Math.floor(random() * random() * shape.usersPerAccount);
  const [operation, action, category, access] = pickOperation(random);
  const bucket = `bucket-${account}-${upTo(shape.bucketsPerAccount)}`;
  const isS3 = action?.startsWith('s3:') === true;
  const hasKey = category === 'data' && operation !== 'ListObjectsV2';
  const key = `backup/2026-${1 + upTo(12)}/folder-${upTo(shape.foldersPerBucket)}/object-${upTo(1e9)}.bin`;
  const [outcome, status, code] = pickOutcome(random);
  return {
    at,
    operation,
    action,
    category,
    access,
    channel: isS3 ? 's3' : 'console',
    who:
      user === 0
        ? { type: 'root', accountId, id: accountId, name: `root-${account}@example.test`, ...keyOf(isS3, account, 0) }
        : { type: 'user', accountId, id: uuid(account, user), name: `user-${user}`, ...keyOf(isS3, account, user) },
    accounts: [accountId],
    resource: isS3 ? `arn:aws:s3:::${bucket}${hasKey ? `/${key}` : ''}` : `vstorage::${accountId}:project/p-${account}`,
    ...(isS3 ? { projectId: `p-${account}`, bucket, region: 'HAN02' } : {}),
    outcome,
    status,
    code,
    requestId: Array.from({ length: 2 }, () =>
      upTo(2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    )
      .join('')
      .toUpperCase(),
    address: `10.${account}.${user}.${upTo(4)}`,
    userAgent: 'aws-sdk-js/3.1173.0 md/nodejs#26.10.0',
  };
}

const TOTAL_WEIGHT = OPERATIONS.reduce((sum, [, , , , weight]) => sum + weight, 0);

function pickOperation(random: Random) {
  let left = random() * TOTAL_WEIGHT;
  for (const operation of OPERATIONS) {
    left -= operation[4];
    if (left < 0) return operation;
  }
  return OPERATIONS[0];
}

function pickOutcome(random: Random): readonly [AuditOutcome, number, string | null] {
  const chance = random();
  if (chance < 0.02) return ['denied', 403, 'AccessDenied'];
  if (chance < 0.05) return ['failed', 404, 'NoSuchKey'];
  return ['success', 200, null];
}

const keyOf = (isS3: boolean, account: number, user: number) =>
  isS3
    ? { accessKey: `ak-${account}-${user}`, keyId: uuid(account, user + 10_000) }
    : { sessionId: `s-${account}-${user}` };

const uuid = (a: number, b: number): string =>
  `00000000-0000-4000-8000-${a.toString(16).padStart(4, '0')}${b.toString(16).padStart(8, '0')}`;
