// https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
import { S3Error } from '../../shared/errors.ts';
import { restoreObject as restoreStored } from '../../storage/restore-object.ts';
import { declare } from '../operation.ts';
import { requireBucket, requireKey } from '../require.ts';
import { versionOf } from '../versions.ts';
import { childText, findChild, malformed, readXml } from '../xml/read.ts';

const MAX_XML_BYTES = 64 * 1024;
const MAX_DAYS = 2 ** 31 - 1;
const TIERS = ['Standard', 'Bulk', 'Expedited'];

/** The tier changes nothing here: every restore is done at once. */
function parseDays(bytes: Uint8Array): number {
  const root = readXml(bytes, 'RestoreRequest');
  if (childText(root, 'Type') !== undefined || findChild(root, 'OutputLocation') !== undefined) {
    throw new S3Error('NotImplemented', { message: 'Restoring what a query selects is not implemented.' });
  }
  const parameters = findChild(root, 'GlacierJobParameters') ?? root;
  const tier = childText(parameters, 'Tier')?.trim() ?? 'Standard';
  const text = childText(root, 'Days')?.trim();
  if (!TIERS.includes(tier) || text === undefined || !/^-?\d{1,10}$/.test(text)) throw malformed();
  const days = Number(text);
  if (days >= 1 && days <= MAX_DAYS) return days;
  throw new S3Error('InvalidArgument', {
    message: 'restoration days should be at least 1',
    fields: { ArgumentName: 'Days', ArgumentValue: text },
  });
}

export const restoreObject = declare({
  name: 'RestoreObject',
  target: 'object',
  method: 'POST',
  match: ['restore'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({ key: requireKey(request), versionId: versionOf(request) }),
  permissions: () => [{ action: 's3:RestoreObject' }],
  run: async (input, context) => {
    const { services, guard } = context;
    const days = parseDays(await context.body.bytes(MAX_XML_BYTES));
    const dayMs = services.lifecycleDayMs;
    const { renewed } = await restoreStored(services, { ...input, bucket: requireBucket(context), days, dayMs, guard });
    return { status: renewed ? 200 : 202 };
  },
});
