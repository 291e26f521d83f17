// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
// A key belongs to one project: it lists that project's buckets.
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import { S3Error } from '../../shared/errors.ts';
import { listBuckets as listStored } from '../../storage/buckets.ts';
import { ownerXml } from '../acl/acl-xml.ts';
import { readOwnerNames } from '../../access/owner-names.ts';
import { decodeToken, encodeToken } from '../continuation.ts';
import { declare } from '../operation.ts';
import { findCount } from '../parameters.ts';
import { requireSigned } from '../require.ts';
import { element, group, isoTime, resultDocument } from '../xml/write.ts';

const MAX_BUCKETS = 10_000;

function bucketXml(bucket: BucketRecord): string {
  return group(
    'Bucket',
    element('Name', bucket.name),
    element('CreationDate', isoTime(bucket.createdAt)),
    element('BucketRegion', bucket.region),
  );
}

export const listBuckets = declare({
  name: 'ListBuckets',
  target: 'service',
  method: 'GET',
  match: [],
  bucketMustExist: false,
  implemented: 'yes',
  input: (request) => ({
    prefix: request.query.get('prefix') ?? '',
    maxBuckets: findCount(request, 'max-buckets', { min: 1, max: MAX_BUCKETS }) ?? MAX_BUCKETS,
    startAfter: decodeToken(request),
    region: request.query.get('bucket-region') ?? '',
  }),
  permissions: () => [{ action: 's3:ListAllMyBuckets' }],
  run: async (input, context) => {
    const { identity, projectId, restriction } = requireSigned(context);
    if (input.region !== '' && input.region.toUpperCase() !== context.services.region) {
      throw new S3Error('InvalidArgument', {
        message: `The bucket region must be ${context.services.region}.`,
        fields: { ArgumentName: 'bucket-region', ArgumentValue: input.region },
      });
    }
    const { buckets, next } = await listStored(context.services, projectId, {
      maxBuckets: input.maxBuckets,
      // the names of the project's other buckets are none of a restricted key's business
      only: restriction?.buckets ?? null,
      ...(input.prefix === '' ? {} : { prefix: input.prefix }),
      ...(input.startAfter === null ? {} : { startAfter: input.startAfter }),
    });
    const owners = await readOwnerNames(context.services, [identity.canonicalId]);
    return {
      status: 200,
      body: resultDocument(
        'ListAllMyBucketsResult',
        ownerXml(identity.canonicalId, owners),
        group('Buckets', ...buckets.map(bucketXml)),
        element('ContinuationToken', next === null ? null : encodeToken(next)),
        element('Prefix', input.prefix === '' ? null : input.prefix),
      ),
    };
  },
});
