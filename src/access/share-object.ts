// A link to one object, signed with an S3 key: it can do what the key can, and dies with it.
import type { IdentityDeps } from '../identity/identity-deps.ts';
import { ownerOfKey } from '../identity/s3-key-record.ts';
import { readKeyById } from '../identity/s3-key-rows.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import {
  type IdentityRef,
  identityLabel,
  type ProjectRecord,
  type S3KeyRecord,
} from '../metadata/tables/identities.ts';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { ProblemError } from '../shared/errors.ts';
import type { ObjectKey, S3KeyId } from '../shared/ids.ts';
import { demandS3 } from './authorize.ts';
import type { RequestFacts } from './condition-context.ts';
import { presignGet } from './presign.ts';
import { askOf, versioned } from './s3-actor.ts';
import { storeReader } from './s3-resource.ts';
import { createSignerDeps, endOf, findSigner, type Signer } from './signers.ts';

export type Share = {
  /** whose keys sign */
  readonly project: Pick<ProjectRecord, 'accountId' | 'projectId'>;
  readonly bucket: BucketRecord;
  readonly key: ObjectKey;
  /** null: whatever is current when the link is used */
  readonly versionId: string | null;
  readonly sharedBy: IdentityRef;
  readonly s3KeyId: S3KeyId;
  readonly endpoint: string;
  readonly expiresInSeconds: number;
  /** sent back by the S3 API with the object */
  readonly contentDisposition: string;
  readonly facts: RequestFacts;
};

/** Errors: no-such-s3-key, not-your-s3-key, s3-key-unusable, s3-key-cannot-read. */
export async function shareObject(
  deps: IdentityDeps,
  share: Share,
): Promise<{ readonly url: string; readonly expiresAt: number }> {
  const record = await ownKey(deps, share);
  const signer = await findSigner(createSignerDeps(deps), record.accessKey);
  // a key of a role needs its session's token as well, which no link could carry for long
  if (signer === undefined) throw unusable();
  await checkReads(deps, signer, share);
  const now = deps.clock();
  const { bucket, key, versionId, endpoint, contentDisposition } = share;
  const left = Math.floor((endOf(record) - now) / 1000);
  const expiresInSeconds = Math.max(1, Math.min(share.expiresInSeconds, left));
  const url = presignGet({
    endpoint,
    region: bucket.region,
    bucket: bucket.name,
    key,
    accessKey: record.accessKey,
    secretKey: signer.secretKey,
    now,
    expiresInSeconds,
    query: {
      ...(versionId === null ? {} : { versionId }),
      'response-content-disposition': contentDisposition,
    },
  });
  return { url, expiresAt: now + expiresInSeconds * 1000 };
}

async function ownKey(deps: { readonly store: MetadataStore }, share: Share): Promise<S3KeyRecord> {
  const record = await deps.store.read((snapshot) => readKeyById(snapshot, share.s3KeyId));
  const { project } = share;
  if (record === undefined || record.accountId !== project.accountId || record.projectId !== project.projectId) {
    throw new ProblemError(404, 'no-such-s3-key', 'The project has no S3 key of this id.', { field: 's3KeyId' });
  }
  if (identityLabel(ownerOfKey(record)) === identityLabel(share.sharedBy)) return record;
  const message = 'This S3 key is somebody else’s. A link is signed with a key of your own.';
  throw new ProblemError(403, 'not-your-s3-key', message, { field: 's3KeyId' });
}

function unusable(): ProblemError {
  const message = 'This S3 key is disabled or has expired: its links would not work. Choose another one.';
  return new ProblemError(409, 's3-key-unusable', message, { field: 's3KeyId' });
}

/** A link that is dead from the beginning helps nobody. */
async function checkReads(deps: IdentityDeps, { principal }: Signer, share: Share): Promise<void> {
  const { bucket, key, versionId, facts } = share;
  try {
    const ask = askOf(versioned('Get', versionId), bucket, key, { versionId });
    await demandS3(storeReader(deps), principal, [ask], facts);
  } catch (cause) {
    const message = 'This S3 key may not read the object, so its link could not either. Choose another one.';
    throw new ProblemError(409, 's3-key-cannot-read', message, { field: 's3KeyId', cause });
  }
}
