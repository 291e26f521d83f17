// Configurations that a bucket of this server never has (yet), answered as AWS answers for one that was not
// set: clients probe them before they do anything else. Setting them is in not-implemented.ts.
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import type { S3ErrorCode } from '../../shared/errors.ts';
import { S3Error } from '../../shared/errors.ts';
import type { DeclaredOperation, OperationContext, S3Reply, Target } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { element, resultDocument } from '../xml/write.ts';

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
  [
    'bucket',
    'replication',
    'GetBucketReplication',
    's3:GetReplicationConfiguration',
    fails('ReplicationConfigurationNotFoundError'),
  ],
  ['bucket', 'requestPayment', 'GetBucketRequestPayment', 's3:GetBucketRequestPayment', payer],
];

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
      return { status: 200, body: answer(requireBucket(context), context) };
    },
  });
}

export const unsetConfigurations: readonly DeclaredOperation[] = rows.map(declareRow);
