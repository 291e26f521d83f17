// Configurations that a bucket or object of this server never has (yet), answered as AWS answers for one that was not
// set: clients probe them before they do anything else. Setting them is in not-implemented.ts.
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import type { S3ErrorCode } from '../../shared/errors.ts';
import { S3Error } from '../../shared/errors.ts';
import { ownerXml } from '../listing.ts';
import { getObjectRecord } from '../object-read.ts';
import type { DeclaredOperation, OperationContext, S3Reply, Target } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireBucket, requireKey } from '../require.ts';
import { versionOf } from '../versions.ts';
import { element, group, resultDocument } from '../xml/write.ts';

type Answer = (bucket: BucketRecord, context: OperationContext) => string;

const fails =
  (code: S3ErrorCode, message?: string): Answer =>
  (bucket) => {
    throw new S3Error(code, { fields: { BucketName: bucket.name }, ...(message === undefined ? {} : { message }) });
  };

const empty =
  (root: string): Answer =>
  () =>
    resultDocument(root);

/** ACLs are disabled: everything is the owner's and nobody else's. */
function ownerAcl(bucket: BucketRecord): string {
  const grantee = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">${element('ID', bucket.ownerCanonicalId)}</Grantee>`;
  const grant = group('Grant', grantee, element('Permission', 'FULL_CONTROL'));
  return resultDocument('AccessControlPolicy', ownerXml(bucket), group('AccessControlList', grant));
}

const ownership: Answer = () =>
  resultDocument('OwnershipControls', group('Rule', element('ObjectOwnership', 'BucketOwnerEnforced')));

/** Nothing can be public here, however old or new the bucket is. */
const publicAccess: Answer = () =>
  resultDocument(
    'PublicAccessBlockConfiguration',
    ...['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'].map((name) =>
      element(name, true),
    ),
  );

const payer: Answer = () => resultDocument('RequestPaymentConfiguration', element('Payer', 'BucketOwner'));

type Row = readonly [target: Target, selector: string, name: string, action: string, answer: Answer];

const rows: readonly Row[] = [
  [
    'bucket',
    'accelerate',
    'GetBucketAccelerateConfiguration',
    's3:GetAccelerateConfiguration',
    empty('AccelerateConfiguration'),
  ],
  ['bucket', 'acl', 'GetBucketAcl', 's3:GetBucketAcl', ownerAcl],
  ['bucket', 'cors', 'GetBucketCors', 's3:GetBucketCORS', fails('NoSuchCORSConfiguration')],
  ['bucket', 'logging', 'GetBucketLogging', 's3:GetBucketLogging', empty('BucketLoggingStatus')],
  [
    'bucket',
    'notification',
    'GetBucketNotificationConfiguration',
    's3:GetBucketNotification',
    empty('NotificationConfiguration'),
  ],
  ['bucket', 'ownershipControls', 'GetBucketOwnershipControls', 's3:GetBucketOwnershipControls', ownership],
  ['bucket', 'policy', 'GetBucketPolicy', 's3:GetBucketPolicy', fails('NoSuchBucketPolicy')],
  ['bucket', 'policyStatus', 'GetBucketPolicyStatus', 's3:GetBucketPolicyStatus', fails('NoSuchBucketPolicy')],
  ['bucket', 'publicAccessBlock', 'GetPublicAccessBlock', 's3:GetBucketPublicAccessBlock', publicAccess],
  [
    'bucket',
    'replication',
    'GetBucketReplication',
    's3:GetReplicationConfiguration',
    fails('ReplicationConfigurationNotFoundError'),
  ],
  ['bucket', 'requestPayment', 'GetBucketRequestPayment', 's3:GetBucketRequestPayment', payer],
  ['bucket', 'website', 'GetBucketWebsite', 's3:GetBucketWebsite', fails('NoSuchWebsiteConfiguration')],
  ['object', 'acl', 'GetObjectAcl', 's3:GetObjectAcl', ownerAcl],
];

async function requireObject(context: OperationContext): Promise<void> {
  const { request } = context;
  const source = { bucket: requireBucket(context), key: requireKey(request), versionId: versionOf(request) };
  await getObjectRecord(context, source);
}

function declareRow([target, selector, name, action, answer]: Row): DeclaredOperation {
  return declare({
    name,
    target,
    method: 'GET',
    match: [selector],
    bucketMustExist: true,
    implemented: 'unset',
    input: () => null,
    permissions: () => [{ action }],
    run: async (_input, context): Promise<S3Reply> => {
      if (target === 'object') await requireObject(context);
      return { status: 200, body: answer(requireBucket(context), context) };
    },
  });
}

export const unsetConfigurations: readonly DeclaredOperation[] = rows.map(declareRow);
