// Every operation this server knows by name. The router, the compatibility page and the metrics read this.
import type { DeclaredOperation } from '../operation.ts';
import { abortMultipartUpload } from './abort-multipart-upload.ts';
import { deleteBucketCors, getBucketCors, putBucketCors } from './bucket-cors.ts';
import { deleteBucketEncryption, getBucketEncryption, putBucketEncryption } from './bucket-encryption.ts';
import {
  deleteBucketLifecycle,
  getBucketLifecycleConfiguration,
  putBucketLifecycleConfiguration,
} from './bucket-lifecycle.ts';
import { deleteBucketWebsite, getBucketWebsite, putBucketWebsite } from './bucket-website.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { bucketAcl } from './bucket-acl.ts';
import { bucketOwnershipControls } from './bucket-ownership-controls.ts';
import { bucketPolicy } from './bucket-policy.ts';
import { copyObject } from './copy-object.ts';
import { createBucket } from './create-bucket.ts';
import { createMultipartUpload } from './create-multipart-upload.ts';
import { deleteBucket } from './delete-bucket.ts';
import { deleteObject } from './delete-object.ts';
import { deleteObjects } from './delete-objects.ts';
import { getBucketLocation } from './get-bucket-location.ts';
import { getObjectAttributes } from './get-object-attributes.ts';
import { getObject } from './get-object.ts';
import { headBucket } from './head-bucket.ts';
import { headObject } from './head-object.ts';
import { listBuckets } from './list-buckets.ts';
import { listMultipartUploads } from './list-multipart-uploads.ts';
import { listObjects } from './list-objects.ts';
import { listObjectsV2 } from './list-objects-v2.ts';
import { listParts } from './list-parts.ts';
import { getObjectLegalHold, putObjectLegalHold } from './object-legal-hold.ts';
import { getObjectLockConfiguration, putObjectLockConfiguration } from './object-lock-configuration.ts';
import { getObjectRetention, putObjectRetention } from './object-retention.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tagging.ts';
import { listObjectVersions } from './list-object-versions.ts';
import { deleteBucketTagging, getBucketTagging, putBucketTagging } from './bucket-tagging.ts';
import { getBucketVersioning, putBucketVersioning } from './bucket-versioning.ts';
import { notImplemented } from './not-implemented.ts';
import { objectAcl } from './object-acl.ts';
import { publicAccessBlock } from './public-access-block.ts';
import { postObject } from './post-object.ts';
import { putObject } from './put-object.ts';
import { getBucketNotificationConfiguration, putBucketNotificationConfiguration } from './bucket-notification.ts';
import { getBucketLogging, putBucketLogging } from './bucket-logging.ts';
import { restoreObject } from './restore-object.ts';
import { unsetConfigurations } from './unset-configurations.ts';
import { uploadPart } from './upload-part.ts';
import { uploadPartCopy } from './upload-part-copy.ts';

export const operations: readonly DeclaredOperation[] = [
  listBuckets,
  createBucket,
  headBucket,
  deleteBucket,
  getBucketLocation,
  listObjects,
  listObjectsV2,
  putObject,
  postObject,
  getObject,
  headObject,
  getObjectAttributes,
  deleteObject,
  deleteObjects,
  copyObject,
  createMultipartUpload,
  uploadPart,
  uploadPartCopy,
  listParts,
  listMultipartUploads,
  completeMultipartUpload,
  abortMultipartUpload,
  getBucketEncryption,
  putBucketEncryption,
  deleteBucketEncryption,
  getBucketVersioning,
  putBucketVersioning,
  listObjectVersions,
  getBucketTagging,
  putBucketTagging,
  deleteBucketTagging,
  getObjectTagging,
  putObjectTagging,
  deleteObjectTagging,
  getObjectLockConfiguration,
  putObjectLockConfiguration,
  getObjectRetention,
  putObjectRetention,
  getObjectLegalHold,
  putObjectLegalHold,
  getBucketLifecycleConfiguration,
  putBucketLifecycleConfiguration,
  deleteBucketLifecycle,
  getBucketCors,
  putBucketCors,
  deleteBucketCors,
  getBucketWebsite,
  putBucketWebsite,
  deleteBucketWebsite,
  ...bucketPolicy,
  ...bucketAcl,
  ...objectAcl,
  ...bucketOwnershipControls,
  ...publicAccessBlock,
  restoreObject,
  getBucketLogging,
  putBucketLogging,
  getBucketNotificationConfiguration,
  putBucketNotificationConfiguration,
  ...unsetConfigurations,
  ...notImplemented,
];
