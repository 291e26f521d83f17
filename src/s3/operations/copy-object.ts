// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
import type { BucketRecord, ChecksumAlgorithm, ObjectRecord } from '../../metadata/tables/objects.ts';
import type { EncryptionConfiguration } from '../../metadata/tables/bucket-configurations.ts';
import type { ObjectEncryption } from '../../metadata/tables/encryption.ts';
import type { CustomerKey } from '../../encryption/object-encryption.ts';
import { configurationsOf } from '../../storage/bucket-configurations.ts';
import { S3Error } from '../../shared/errors.ts';
import { copySource } from '../../storage/copy-object.ts';
import type { ReadConditions, WritePreconditions } from '../../storage/preconditions.ts';
import { type PromisedVersion, writeObject } from '../../storage/write-object.ts';
import { newObjectAccess } from '../acl/new-acl.ts';
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
  sourceVersionHeaders,
} from '../copy-source.ts';
import { parseCustomerKey } from '../customer-key.ts';
import { encryptionHeaders } from '../encryption-headers.ts';
import { expirationHeaders } from '../lifecycle-headers.ts';
import type { NewObject } from '../new-object.ts';
import { newObjectPermissions, parseNewObject } from '../new-object.ts';
import type { OperationContext, Permission, S3Reply, S3Request } from '../operation.ts';
import { declare } from '../operation.ts';
import { findHeader, invalidArgument } from '../parameters.ts';
import { patientReply, type TellHeaders } from '../patient-reply.ts';
import { requireBucket } from '../require.ts';
import { newVersionHeaders, versionedAction } from '../versions.ts';
import { element, isoTime, quoted, resultDocument } from '../xml/write.ts';
import { resolveStorageClass } from '../storage-class.ts';

type CopyInput = NewObject & {
  readonly source: CopySource;
  readonly replaceMetadata: boolean;
  readonly replaceTags: boolean;
  readonly conditions: ReadConditions;
  readonly preconditions: WritePreconditions;
  readonly algorithm: ChecksumAlgorithm | null;
  readonly sourceKey: CustomerKey | null;
};

function parseDirective(request: S3Request, what: 'metadata' | 'tagging'): boolean {
  const name = `x-amz-${what}-directive`;
  const text = findHeader(request, name) ?? '';
  const directive = text.toUpperCase();
  if (directive !== '' && directive !== 'COPY' && directive !== 'REPLACE') {
    throw invalidArgument(name, text, `Unknown ${what} directive.`);
  }
  return directive === 'REPLACE';
}

function parseCopy(request: S3Request): CopyInput {
  return {
    ...parseNewObject(request),
    source: parseCopySource(request),
    replaceMetadata: parseDirective(request, 'metadata'),
    replaceTags: parseDirective(request, 'tagging'),
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
  if (input.encryption() !== null || encryption?.kind === 'SSE-C') return true;
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
  const { source } = input;
  // an older version copied onto its key is how one goes back to it
  const isItself = source.bucket === bucket.name && source.key === input.key && source.versionId === null;
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

/** Copied tags are read from one object and put on another: both are permissions. */
async function tagsFor(input: CopyInput, context: OperationContext, object: ObjectRecord) {
  if (input.replaceTags) return input.tags ?? [];
  const tags = object.tags ?? [];
  if (tags.length === 0) return tags;
  const { bucket, key, versionId } = input.source;
  const readable = await context.allows({ action: versionedAction(versionId, 'Get', 'Tagging'), on: { bucket, key } });
  if (!readable || !(await context.allows({ action: 's3:PutObjectTagging' }))) throw new S3Error('AccessDenied');
  return tags;
}

/** A smaller copy is done before anybody could ask for its headers. */
const SLOW_BYTES = 8 * 1024 * 1024;

async function copy(
  input: CopyInput,
  context: OperationContext,
  tell: TellHeaders,
): Promise<S3Reply & { readonly body: string }> {
  const bucket = requireBucket(context);
  const object = await getCopySource(context, input.source, input.conditions, input.sourceKey);
  if (object.sizeBytes > MAX_COPY_SOURCE_BYTES) throw sourceTooLarge();
  const { encryption: bucketEncryption = null } = await configurationsOf(context.services, bucket);
  refuseCopyOntoItself(input, bucket, object, changesEncryption(input, object, bucketEncryption));
  const source = copySource(context.services, object, null, input.sourceKey);
  if (input.algorithm !== null) source.require(input.algorithm);
  const owned = await newObjectAccess(context, input.acl);
  tell(sourceVersionHeaders(context, object));
  const onBegin = ({ versionId, encryption }: PromisedVersion): void =>
    tell({ ...newVersionHeaders({ versionId: versionId ?? 'null' }), ...encryptionOf(encryption) });
  const made = await writeObject(context.services, {
    bucket,
    key: input.key,
    source,
    ...metadataOf(input, object),
    tags: await tagsFor(input, context, object),
    ...(input.lock === undefined ? {} : { lock: input.lock }),
    storageClass: resolveStorageClass(context.services, input.storageClass, bucket),
    encryption: input.encryption(),
    preconditions: input.preconditions,
    ...(object.sizeBytes < SLOW_BYTES ? {} : { onBegin }),
    ...owned,
  });
  const headers = { ...sourceVersionHeaders(context, object), ...(await expirationHeaders(context, input.key, made)) };
  return toReply(made, headers);
}

const encryptionOf = (encryption: ObjectEncryption | null | undefined): Record<string, string> =>
  encryptionHeaders(encryption, { withContext: true });

function toReply(made: ObjectRecord, headers: Record<string, string>): S3Reply & { readonly body: string } {
  const { lastModified, etag, checksum, encryption } = made;
  const time = element('LastModified', isoTime(lastModified));
  return {
    status: 200,
    headers: { ...headers, ...newVersionHeaders(made), ...encryptionOf(encryption) },
    body: resultDocument('CopyObjectResult', time, element('ETag', quoted(etag)), checksumElements(checksum)),
  };
}

function copyPermissions(input: CopyInput): readonly [Permission, ...Permission[]] {
  const { tags, lock, replaceTags } = input;
  const [write, ...more] = newObjectPermissions({ tags: replaceTags ? tags : undefined, lock });
  return [write, ...more, readSource(input.source)];
}

export const copyObject = declare({
  name: 'CopyObject',
  target: 'object',
  method: 'PUT',
  match: [`header:${COPY_SOURCE}`],
  bucketMustExist: true,
  implemented: 'yes',
  input: parseCopy,
  permissions: copyPermissions,
  run: (input, context) => patientReply(context, (tell) => copy(input, context, tell)),
});
