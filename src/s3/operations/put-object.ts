// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
import { writeObject } from '../../storage/write-object.ts';
import { newObjectAccess } from '../acl/new-acl.ts';
import { checksumHeaders } from '../checksum-headers.ts';
import { writePreconditions } from '../conditions.ts';
import { encryptionHeaders } from '../encryption-headers.ts';
import { newObjectPermissions, parseNewObject } from '../new-object.ts';
import { requireIntegrityForLock } from '../object-lock.ts';
import { expirationHeaders } from '../lifecycle-headers.ts';
import { declare } from '../operation.ts';
import { requireBucket, requireLength } from '../require.ts';
import { newVersionHeaders } from '../versions.ts';
import { quoted } from '../xml/write.ts';
import { resolveStorageClass } from '../storage-class.ts';

/** What S3 computes and keeps when the client announced no checksum. */
const DEFAULT_CHECKSUM = 'CRC64NVME';

export const putObject = declare({
  name: 'PutObject',
  target: 'object',
  method: 'PUT',
  match: [],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({ ...parseNewObject(request), preconditions: writePreconditions(request) }),
  permissions: newObjectPermissions,
  run: async (input, context) => {
    const { body: source, services } = context;
    requireLength(source);
    const bucket = requireBucket(context);
    await requireIntegrityForLock(context, input.lock);
    if (source.announcedChecksum === null) source.require(DEFAULT_CHECKSUM);
    const storageClass = resolveStorageClass(services, input.storageClass, bucket);
    const owned = await newObjectAccess(context, input.acl);
    const object = await writeObject(services, { ...input, ...owned, bucket, source, storageClass });
    const headers = {
      etag: quoted(object.etag),
      ...newVersionHeaders(object),
      ...checksumHeaders(object.checksum),
      ...encryptionHeaders(object.encryption, { withContext: true }),
      ...(await expirationHeaders(context, input.key, object)),
    };
    return { status: 200, headers };
  },
});
