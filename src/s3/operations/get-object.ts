// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
import { openObject, readInlineObject } from '../../storage/read-object.ts';
import { getObjectRecord, parseRead, planRead, readPermissions } from '../object-read.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';

export const getObject = declare({
  name: 'GetObject',
  target: 'object',
  method: 'GET',
  match: [],
  accepts: ['partNumber'],
  bucketMustExist: true,
  implemented: 'yes',
  input: parseRead,
  permissions: readPermissions,
  run: async (input, context) => {
    const object = await getObjectRecord(context, { ...input, bucket: requireBucket(context) });
    const { reply, slice } = await planRead(context, object, input);
    if (slice === null) return reply;
    if (slice.start === slice.end) return { ...reply, body: new Uint8Array() };
    const { services } = context;
    const small = await readInlineObject(services, object, slice, input.customerKey);
    return { ...reply, body: small ?? (await openObject(services, object, slice, input.customerKey)) };
  },
});
