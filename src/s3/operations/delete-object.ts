// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
import { deleteObject as deleteStored } from '../../storage/delete-objects.ts';
import { declare } from '../operation.ts';
import { requireBucket, requireKey } from '../require.ts';
import { refuseUnsupportedForDeletes } from '../unsupported-headers.ts';
import { versionOf } from '../versions.ts';

export const deleteObject = declare({
  name: 'DeleteObject',
  target: 'object',
  method: 'DELETE',
  match: [],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => {
    refuseUnsupportedForDeletes(request);
    return {
      key: requireKey(request),
      version: versionOf(request),
      ifMatch: request.headers.get('if-match'),
    };
  },
  permissions: ({ version }) => [{ action: version === 'current' ? 's3:DeleteObject' : 's3:DeleteObjectVersion' }],
  run: async ({ key, version, ifMatch }, context) => {
    // A version that is not there is as deleted as it can be.
    if (version !== 'unknown') {
      const condition = ifMatch === undefined ? {} : { ifMatch };
      await deleteStored(context.services, { bucket: requireBucket(context), key, ...condition, guard: context.guard });
    }
    return { status: 204 };
  },
});
