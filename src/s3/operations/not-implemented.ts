// The rest of S3, by name: a request for one of these says 501 and which operation it would have been, and can never
// be mistaken for a plainer one. Each is authenticated and authorized like any other.
import { S3Error } from '../../shared/errors.ts';
import type { DeclaredOperation, Method, Target } from '../operation.ts';
import { declare } from '../operation.ts';

/** method, target, selectors, name, action */
type Row = readonly [Method, Target, readonly string[], string, string];

const bucket = (method: Method, selector: string, name: string, action: string): Row => [
  method,
  'bucket',
  [selector],
  name,
  action,
];
const object = (method: Method, selector: string, name: string, action: string): Row => [
  method,
  'object',
  [selector],
  name,
  action,
];

/** Configurations of which a bucket has several, told apart by `id`. */
function numbered(selector: string, noun: string, plural: string, action: string): readonly Row[] {
  return [
    ['GET', 'bucket', [selector, 'id'], `GetBucket${noun}`, `s3:Get${action}`],
    ['GET', 'bucket', [selector], `ListBucket${plural}`, `s3:Get${action}`],
    ['PUT', 'bucket', [selector], `PutBucket${noun}`, `s3:Put${action}`],
    ['DELETE', 'bucket', [selector], `DeleteBucket${noun}`, `s3:Put${action}`],
  ];
}

const rows: readonly Row[] = [
  ...numbered('analytics', 'AnalyticsConfiguration', 'AnalyticsConfigurations', 'AnalyticsConfiguration'),
  ...numbered(
    'intelligent-tiering',
    'IntelligentTieringConfiguration',
    'IntelligentTieringConfigurations',
    'IntelligentTieringConfiguration',
  ),
  ...numbered('inventory', 'InventoryConfiguration', 'InventoryConfigurations', 'InventoryConfiguration'),
  ...numbered('metrics', 'MetricsConfiguration', 'MetricsConfigurations', 'MetricsConfiguration'),

  bucket('GET', 'abac', 'GetBucketAbac', 's3:GetBucketAbac'),
  bucket('PUT', 'abac', 'PutBucketAbac', 's3:PutBucketAbac'),
  bucket('PUT', 'accelerate', 'PutBucketAccelerateConfiguration', 's3:PutAccelerateConfiguration'),
  bucket(
    'DELETE',
    'metadataConfiguration',
    'DeleteBucketMetadataConfiguration',
    's3:DeleteBucketMetadataTableConfiguration',
  ),
  bucket('GET', 'metadataConfiguration', 'GetBucketMetadataConfiguration', 's3:GetBucketMetadataTableConfiguration'),
  bucket(
    'POST',
    'metadataConfiguration',
    'CreateBucketMetadataConfiguration',
    's3:CreateBucketMetadataTableConfiguration',
  ),
  bucket(
    'DELETE',
    'metadataTable',
    'DeleteBucketMetadataTableConfiguration',
    's3:DeleteBucketMetadataTableConfiguration',
  ),
  bucket('GET', 'metadataTable', 'GetBucketMetadataTableConfiguration', 's3:GetBucketMetadataTableConfiguration'),
  bucket(
    'POST',
    'metadataTable',
    'CreateBucketMetadataTableConfiguration',
    's3:CreateBucketMetadataTableConfiguration',
  ),
  bucket(
    'PUT',
    'metadataAnnotationTable',
    'UpdateBucketMetadataAnnotationTableConfiguration',
    's3:UpdateBucketMetadataAnnotationTableConfiguration',
  ),
  bucket(
    'PUT',
    'metadataInventoryTable',
    'UpdateBucketMetadataInventoryTableConfiguration',
    's3:UpdateBucketMetadataInventoryTableConfiguration',
  ),
  bucket(
    'PUT',
    'metadataJournalTable',
    'UpdateBucketMetadataJournalTableConfiguration',
    's3:UpdateBucketMetadataJournalTableConfiguration',
  ),
  bucket('DELETE', 'replication', 'DeleteBucketReplication', 's3:PutReplicationConfiguration'),
  bucket('PUT', 'replication', 'PutBucketReplication', 's3:PutReplicationConfiguration'),
  bucket('PUT', 'requestPayment', 'PutBucketRequestPayment', 's3:PutBucketRequestPayment'),
  bucket('GET', 'session', 'CreateSession', 's3express:CreateSession'),

  object('DELETE', 'annotation', 'DeleteObjectAnnotation', 's3:DeleteObjectAnnotation'),
  ['GET', 'object', ['annotation', 'annotationName'], 'GetObjectAnnotation', 's3:GetObjectAnnotation'],
  object('GET', 'annotation', 'ListObjectAnnotations', 's3:ListObjectAnnotations'),
  object('PUT', 'annotation', 'PutObjectAnnotation', 's3:PutObjectAnnotation'),
  object('PUT', 'encryption', 'UpdateObjectEncryption', 's3:UpdateObjectEncryption'),
  object('PUT', 'renameObject', 'RenameObject', 's3:PutObject'),
  object('POST', 'select', 'SelectObjectContent', 's3:GetObject'),
  object('GET', 'torrent', 'GetObjectTorrent', 's3:GetObjectTorrent'),
];

function declareRow([method, target, match, name, action]: Row): DeclaredOperation {
  return declare({
    name,
    target,
    method,
    match,
    bucketMustExist: target !== 'service',
    implemented: 'no',
    input: () => null,
    permissions: () => [{ action }],
    run: async () => {
      throw new S3Error('NotImplemented', { message: `${name} is not implemented.`, fields: { Operation: name } });
    },
  });
}

export const notImplemented: readonly DeclaredOperation[] = rows.map(declareRow);
