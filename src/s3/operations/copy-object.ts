// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
import type { BucketRecord, ChecksumAlgorithm, ObjectRecord } from '../../metadata/tables/objects.ts';
import type { EncryptionConfiguration } from '../../metadata/tables/bucket-configurations.ts';
import type { CustomerKey } from '../../encryption/object-encryption.ts';
import { configurationsOf } from '../../storage/bucket-configurations.ts';
import { S3Error } from '../../shared/errors.ts';
import { copySource } from '../../storage/copy-object.ts';
import type { ReadConditions, WritePreconditions } from '../../storage/preconditions.ts';
import { writeObject } from '../../storage/write-object.ts';
import { checksumElements, findRequestedAlgorithm } from '../checksum-headers.ts';
import { readConditions, writePreconditions } from '../conditions.ts';
import type { CopySource } from '../copy-source.ts';
import {
  COPY_SOURCE,
  getCopySource,
  MAX_COPY_SOURCE_BYTES,
  parseCopySource,
  readSource,
  sourceTooLarge,
} from '../copy-source.ts';
import { parseCustomerKey } from '../customer-key.ts';
import { encryptionHeaders } from '../encryption-headers.ts';
import type { NewObject } from '../new-object.ts';
import { parseNewObject } from '../new-object.ts';
import type { OperationContext, S3Reply, S3Request } from '../operation.ts';
import { declare } from '../operation.ts';
import { findHeader, invalidArgument } from '../parameters.ts';
import { patientReply } from '../patient-reply.ts';
import { requireBucket } from '../require.ts';
import { element, isoTime, quoted, resultDocument } from '../xml/write.ts';
import { resolveStorageClass } from '../storage-class.ts';

type CopyInput = NewObject & {
  readonly source: CopySource;
  readonly replaceMetadata: boolean;
  readonly conditions: ReadConditions;
  readonly preconditions: WritePreconditions;
  readonly algorithm: ChecksumAlgorithm | null;
  readonly sourceKey: CustomerKey | null;
};

function parseDirective(request: S3Request): boolean {
  const name = 'x-amz-metadata-directive';
  const text = findHeader(request, name) ?? '';
  const directive = text.toUpperCase();
  if (directive !== '' && directive !== 'COPY' && directive !== 'REPLACE') {
    throw invalidArgument(name, text, 'Unknown metadata directive.');
  }
  return directive === 'REPLACE';
}

function parseCopy(request: S3Request): CopyInput {
  return {
    ...parseNewObject(request),
    source: parseCopySource(request),
    replaceMetadata: parseDirective(request),
    conditions: readConditions(request, 'x-amz-copy-source-'),
    preconditions: writePreconditions(request),
    algorithm: findRequestedAlgorithm(request),
    sourceKey: parseCustomerKey(request, 'x-amz-copy-source-'),
  };
}

/** Copied metadata leaves the redirect behind, as S3 does. */
function metadataOf(input: CopyInput, object: ObjectRecord): Pick<ObjectRecord, 'system' | 'user'> {
  if (input.replaceMetadata) return { system: input.system, user: input.user };
  const { websiteRedirectLocation: _left, ...copied } = object.system;
  const redirect = input.system.websiteRedirectLocation;
  return {
    system: redirect === undefined ? copied : { ...copied, websiteRedirectLocation: redirect },
    user: object.user,
  };
}

/** Copying an object onto itself is how one encrypts it after the fact, or changes its key. */
function changesEncryption(
  input: CopyInput,
  { encryption }: ObjectRecord,
  configuration: EncryptionConfiguration | null,
): boolean {
  if (input.encryption !== null || encryption?.kind === 'SSE-C') return true;
  const kinds = { AES256: 'SSE-S3', 'aws:kms': 'SSE-KMS' } as const;
  const byDefault = configuration?.byDefault ?? null;
  return byDefault !== null && kinds[byDefault.algorithm] !== encryption?.kind;
}

function refuseCopyOntoItself(
  input: CopyInput,
  bucket: BucketRecord,
  object: ObjectRecord,
  encryptionChanges: boolean,
): void {
  const isItself = input.source.bucket === bucket.name && input.source.key === input.key;
  const changes =
    encryptionChanges ||
    input.replaceMetadata ||
    (input.storageClass !== null && input.storageClass !== object.storageClass) ||
    input.algorithm !== null ||
    input.system.websiteRedirectLocation !== undefined;
  if (isItself && !changes) {
    throw new S3Error('InvalidRequest', {
      message:
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    });
  }
}

async function copy(input: CopyInput, context: OperationContext): Promise<ObjectRecord> {
  const bucket = requireBucket(context);
  const object = await getCopySource(context, input.source, input.conditions, input.sourceKey);
  if (object.sizeBytes > MAX_COPY_SOURCE_BYTES) throw sourceTooLarge();
  const { encryption: bucketEncryption = null } = await configurationsOf(context.services, bucket);
  refuseCopyOntoItself(input, bucket, object, changesEncryption(input, object, bucketEncryption));
  const source = copySource(context.services, object, null, input.sourceKey);
  if (input.algorithm !== null) source.require(input.algorithm);
  return writeObject(context.services, {
    bucket,
    key: input.key,
    source,
    ...metadataOf(input, object),
    storageClass: resolveStorageClass(context.services, input.storageClass, bucket),
    encryption: input.encryption,
    preconditions: input.preconditions,
    guard: context.guard,
  });
}

function toReply({ lastModified, etag, checksum, encryption }: ObjectRecord): S3Reply & { readonly body: string } {
  const time = element('LastModified', isoTime(lastModified));
  return {
    status: 200,
    headers: encryptionHeaders(encryption, { withContext: true }),
    body: resultDocument('CopyObjectResult', time, element('ETag', quoted(etag)), checksumElements(checksum)),
  };
}

export const copyObject = declare({
  name: 'CopyObject',
  target: 'object',
  method: 'PUT',
  match: [`header:${COPY_SOURCE}`],
  bucketMustExist: true,
  implemented: 'yes',
  input: parseCopy,
  permissions: ({ source }) => [{ action: 's3:PutObject' }, readSource(source)],
  run: (input, context) => patientReply(context, copy(input, context).then(toReply)),
});
