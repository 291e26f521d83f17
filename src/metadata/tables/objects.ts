// Buckets, objects, versions, uploads, usage: what stands in the metadata store.
import type {
  AccountId,
  BlobId,
  BucketId,
  BucketName,
  ObjectKey,
  ProjectId,
  UploadId,
  VersionId,
} from '../../shared/ids.ts';
import type { BodyCipher, ObjectEncryption } from './encryption.ts';
import type { Acl } from '../../shared/acl.ts';
import { encodeKey, KeyReader, prefixEnd, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';
import type { RetentionMode, Tag } from './bucket-configurations.ts';

export type ChecksumAlgorithm =
  | 'CRC32'
  | 'CRC32C'
  | 'CRC64NVME'
  | 'SHA1'
  | 'SHA256'
  | 'SHA512'
  | 'MD5'
  | 'XXHASH64'
  | 'XXHASH3'
  | 'XXHASH128';

/** `value` is base64 (with `-N` for COMPOSITE of N parts). */
export type Checksum = {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
  readonly value: string;
};

export type BucketRecord = {
  readonly v: 1;
  readonly bucketId: BucketId;
  readonly name: BucketName;
  readonly region: string;
  readonly accountId: AccountId;
  /** the owner ID in S3's XML: copied from the account, so that answers need no further read */
  readonly ownerCanonicalId: string;
  readonly projectId: ProjectId;
  readonly createdAt: number;
  readonly versioning: 'off' | 'enabled' | 'suspended';
  readonly objectLock: boolean;
  readonly defaultStorageClass: string;
  /** somebody is to be told of changes of its objects: the configuration `notification` says who */
  readonly notifies?: true;
  /** requests for its objects stand in the audit trail: those that change them, or reads too; absent: none */
  readonly audits?: 'write' | 'all';
  /** every change of a configuration bumps it; absent (0) until the first */
  readonly revision?: number;
  /**
   * What object ownership and public access block are as long as neither was ever set: `legacy` ACLs are enabled and
   * nothing is blocked; absent ACLs are disabled and public access is blocked.
   */
  readonly accessDefaults?: 'legacy';
};

/** Whose an object is and what its ACL says, where ACLs are enabled. */
export type ObjectAccess = {
  /** absent: the bucket's owner */
  readonly ownerCanonicalId?: string;
  /** absent: private to its owner */
  readonly acl?: Acl;
};

/** Where the bytes of an object are. With a `cipher` they are encrypted under the object's data key. */
export type ObjectBody =
  | { readonly kind: 'inline'; readonly blobId: BlobId; readonly cipher?: BodyCipher }
  | { readonly kind: 'blob'; readonly blobId: BlobId; readonly pool: string; readonly cipher?: BodyCipher }
  /** a completed multipart upload: rows of the part list under `listId` name the blobs */
  | { readonly kind: 'parts'; readonly listId: BlobId; readonly partCount: number };

/** Where the bytes of a part are: never a list of its own. */
export type PartBody = Exclude<ObjectBody, { kind: 'parts' }>;

/** Headers stored with an object and sent back as they came. */
export type SystemMetadata = {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly expires?: string;
  readonly websiteRedirectLocation?: string;
};

export type Retention = {
  readonly mode: RetentionMode;
  /** ms since 1970: no delete before */
  readonly until: number;
};

export type ObjectLock = {
  readonly retention: Retention | null;
  /** null: never set */
  readonly legalHold: boolean | null;
};

export type ObjectRecord = ObjectAccess & {
  readonly v: 1;
  readonly versionId: VersionId;
  /** Of a null version: its place among the key's versions. Absent: it follows from `lastModified`. */
  readonly order?: VersionId;
  readonly sizeBytes: number;
  /** without quotes: 32 hexadecimal digits, or those and `-N` */
  readonly etag: string;
  /** ms since 1970; S3 shows whole seconds in headers */
  readonly lastModified: number;
  readonly storageClass: string;
  readonly system: SystemMetadata;
  /** names lower-case without `x-amz-meta-` */
  readonly user: Readonly<Record<string, string>>;
  readonly checksum: Checksum | null;
  readonly body: ObjectBody;
  /** absent or null: its bytes are not encrypted */
  readonly encryption?: ObjectEncryption | null;
  /** absent: none */
  readonly tags?: readonly Tag[];
  /** absent: none */
  readonly lock?: ObjectLock;
  /** of an object in an archive class: it can be read until then; absent: it was never restored */
  readonly restore?: { readonly until: number };
};

export type DeleteMarkerRecord = {
  readonly v: 1;
  readonly deleteMarker: true;
  readonly versionId: VersionId;
  /** as in ObjectRecord */
  readonly order?: VersionId;
  readonly lastModified: number;
};

export type VersionRecord = ObjectRecord | DeleteMarkerRecord;

export type PartRecord = {
  readonly v: 1;
  readonly partNumber: number;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly lastModified: number;
  readonly checksum: Checksum | null;
  readonly body: PartBody;
};

/** Row 0 of a part list: where each further row begins, so that a range finds its row without reading the others. */
export type PartListIndex = {
  readonly v: 1;
  /** of rows 1, 2 …: offset in the object of its first byte, and number of its first part */
  readonly rows: readonly { readonly start: number; readonly firstPart: number }[];
};

/** Rows 1, 2 … of a part list, in order. */
export type PartListRow = {
  readonly v: 1;
  readonly parts: readonly ListedPart[];
};

export type ListedPart = Pick<PartRecord, 'partNumber' | 'sizeBytes' | 'checksum' | 'body'>;

export type UploadRecord = ObjectAccess & {
  readonly v: 1;
  readonly uploadId: UploadId;
  readonly key: ObjectKey;
  readonly initiatedAt: number;
  readonly storageClass: string;
  readonly system: SystemMetadata;
  readonly user: Readonly<Record<string, string>>;
  /** what the object gets; absent: none */
  readonly tags?: readonly Tag[];
  readonly lock?: ObjectLock;
  readonly checksumAlgorithm: ChecksumAlgorithm | null;
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE' | null;
  /** of all its parts and of the object they become */
  readonly encryption?: ObjectEncryption | null;
  readonly initiator: { readonly id: string; readonly displayName: string };
  /** set by Complete, so that a retried Complete answers the same; expires with the sweep */
  readonly completed: {
    readonly etag: string;
    readonly versionId: VersionId;
    readonly at: number;
    readonly partsHash: string;
    readonly checksum: Checksum | null;
  } | null;
};

/** value: BucketRecord. Names are unique in a region. */
export const bucketKey = (region: string, name: BucketName): Bytes => encodeKey(tables.bucket, region, name);
/** value: empty; ordered by name. */
export const bucketByProjectKey = (projectId: ProjectId, name: string): Bytes =>
  encodeKey(tables.bucketByProject, projectId, { tail: name });
export const bucketByProjectRange = (projectId: ProjectId, prefix = ''): { start: Bytes; end: Bytes } =>
  prefixRange(tables.bucketByProject, projectId, { tail: prefix });
export function readBucketByProjectKey(key: Bytes): BucketName {
  const reader = new KeyReader(key);
  reader.text();
  return reader.tail() as BucketName;
}
/** value: ObjectRecord. Live current versions only: what ListObjects walks. */
export const currentKey = (bucketId: BucketId, key: string): Bytes =>
  encodeKey(tables.current, bucketId, { tail: key });
export function readCurrentKey(key: Bytes): ObjectKey {
  const reader = new KeyReader(key);
  reader.text();
  return reader.tail() as ObjectKey;
}
export const currentRange = (bucketId: BucketId, prefix: string): { start: Bytes; end: Bytes } =>
  prefixRange(tables.current, bucketId, { tail: prefix });
/**
 * value: VersionRecord. What is not in `current`: noncurrent versions and all delete markers, by key, then newest first;
 * `order` is the version's id, or of a null version what stands in for it.
 */
export const versionKey = (bucketId: BucketId, key: string, order: VersionId): Bytes =>
  encodeKey(tables.version, bucketId, key, { tail: order });
/** All versions of keys that begin with `prefix`. */
export function versionRange(bucketId: BucketId, prefix = ''): { start: Bytes; end: Bytes } {
  // the two bytes that end a text are left off: the text goes on
  const start = encodeKey(tables.version, bucketId, prefix).subarray(0, -2);
  return { start, end: prefixEnd(start) };
}
/** All versions of one key. */
export const versionsOfKeyRange = (bucketId: BucketId, key: string): { start: Bytes; end: Bytes } =>
  prefixRange(tables.version, bucketId, key);
export function readVersionKey(key: Bytes): { key: ObjectKey; order: VersionId } {
  const reader = new KeyReader(key);
  reader.text();
  return { key: reader.text() as ObjectKey, order: reader.tail() as VersionId };
}
/** value: the `order` under which the key's null version stands in `version`; no row when it is current, or none */
export const nullVersionKey = (bucketId: BucketId, key: string): Bytes =>
  encodeKey(tables.nullVersion, bucketId, { tail: key });
/** value: bytes of a small object or part */
export const inlineBodyKey = (blobId: BlobId): Bytes => encodeKey(tables.inlineBody, blobId);
/** value: PartListIndex (row 0) or PartListRow */
export const partListKey = (listId: BlobId, row: number): Bytes => encodeKey(tables.partList, listId, BigInt(row));
/** All rows but the index. */
export const partListRowsRange = (listId: BlobId): { start: Bytes; end: Bytes } => ({
  start: partListKey(listId, 1),
  end: prefixRange(tables.partList, listId).end,
});
/** value: UploadRecord */
export const uploadKey = (bucketId: BucketId, uploadId: UploadId): Bytes =>
  encodeKey(tables.upload, bucketId, uploadId);
export const uploadRange = (bucketId: BucketId): { start: Bytes; end: Bytes } => prefixRange(tables.upload, bucketId);
/** The uploads of every bucket. */
export const allUploadsRange = (): { start: Bytes; end: Bytes } => prefixRange(tables.upload);
/** value: empty; ListMultipartUploads walks it in order of key, then initiation */
export const uploadByKeyKey = (bucketId: BucketId, key: string, uploadId: UploadId): Bytes =>
  encodeKey(tables.uploadByKey, bucketId, key, { tail: uploadId });
/** All uploads of keys that begin with `prefix`. */
export function uploadByKeyRange(bucketId: BucketId, prefix: string): { start: Bytes; end: Bytes } {
  // the two bytes that end a text are left off: the text goes on
  const start = encodeKey(tables.uploadByKey, bucketId, prefix).subarray(0, -2);
  return { start, end: prefixEnd(start) };
}
export function readUploadByKeyKey(key: Bytes): { key: ObjectKey; uploadId: UploadId } {
  const reader = new KeyReader(key);
  reader.text();
  return { key: reader.text() as ObjectKey, uploadId: reader.tail() as UploadId };
}
/** value: PartRecord */
export const partKey = (bucketId: BucketId, uploadId: UploadId, partNumber: number): Bytes =>
  encodeKey(tables.part, bucketId, uploadId, BigInt(partNumber));
export const partRange = (bucketId: BucketId, uploadId: UploadId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.part, bucketId, uploadId);

export type UsageScope = { readonly project: ProjectId } | { readonly bucket: BucketId };
/** Counters, written by `add`: bytes stored (parts of open uploads count), objects, and a project's buckets. */
export const usageKey = (scope: UsageScope, unit: 'bytes' | 'objects' | 'buckets'): Bytes =>
  'project' in scope
    ? encodeKey(tables.usage, 'project', scope.project, unit)
    : encodeKey(tables.usage, 'bucket', scope.bucket, unit);
