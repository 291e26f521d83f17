// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
import type { WritePreconditions } from '../../storage/preconditions.ts';
import { writeObject } from '../../storage/write-object.ts';
import { newObjectAccess } from '../acl/new-acl.ts';
import { checksumHeaders } from '../checksum-headers.ts';
import { writePreconditions } from '../conditions.ts';
import { encryptionHeaders } from '../encryption-headers.ts';
import { type NewObject, newObjectPermissions, parseNewObject } from '../new-object.ts';
import { requireIntegrityForLock } from '../object-lock.ts';
import { expirationHeaders } from '../lifecycle-headers.ts';
import type { OperationContext, S3Reply, S3Request } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireBucket, requireLength } from '../require.ts';
import { newVersionHeaders } from '../versions.ts';
import { quoted } from '../xml/write.ts';
import { resolveStorageClass } from '../storage-class.ts';

/** What S3 computes and keeps when the client announced no checksum. */
const DEFAULT_CHECKSUM = 'CRC64NVME';

export type PutInput = NewObject & { readonly preconditions: WritePreconditions };

export function parsePut(request: S3Request): PutInput {
  return { ...parseNewObject(request), preconditions: writePreconditions(request) };
}

/** Also what a form upload does. */
export async function put(input: PutInput, context: OperationContext): Promise<S3Reply> {
  const { body: source, services } = context;
  const bucket = requireBucket(context);
  await requireIntegrityForLock(context, input.lock);
  if (source.announcedChecksum === null) source.require(DEFAULT_CHECKSUM);
  const storageClass = resolveStorageClass(services, input.storageClass, bucket);
  const owned = await newObjectAccess(context, input.acl);
  const encryption = input.encryption();
  const object = await writeObject(services, { ...input, ...owned, bucket, source, storageClass, encryption });
  const headers = {
    etag: quoted(object.etag),
    'x-amz-object-size': String(object.sizeBytes),
    ...newVersionHeaders(object),
    ...checksumHeaders(object.checksum),
    ...encryptionHeaders(object.encryption, { withContext: true }),
    ...(await expirationHeaders(context, input.key, object)),
  };
  return { status: 200, headers };
}

export const putObject = declare({
  name: 'PutObject',
  target: 'object',
  method: 'PUT',
  match: [],
  bucketMustExist: true,
  implemented: 'yes',
  input: parsePut,
  permissions: newObjectPermissions,
  run: async (input, context) => {
    requireLength(context.body);
    return put(input, context);
  },
});
