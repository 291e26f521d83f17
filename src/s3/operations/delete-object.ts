// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
import type { DeleteOutcome } from '../../storage/delete-objects.ts';
import { deleteObject as deleteStored } from '../../storage/delete-objects.ts';
import { bypassPermission, mayBypass, wantsBypass } from '../bypass-governance.ts';
import { declare } from '../operation.ts';
import { requireBucket, requireKey } from '../require.ts';
import { refuseUnsupportedForDeletes } from '../unsupported-headers.ts';
import { versionedAction, versionOf } from '../versions.ts';

function outcomeHeaders({ versionId, deleteMarker }: DeleteOutcome): Record<string, string> {
  return {
    ...(versionId === null ? {} : { 'x-amz-version-id': versionId }),
    ...(deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
  };
}

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
      versionId: versionOf(request),
      ifMatch: request.headers.get('if-match') ?? null,
      wantsBypass: wantsBypass(request),
    };
  },
  permissions: ({ versionId }) => [{ action: versionedAction(versionId, 'Delete') }],
  run: async (input, context) => {
    const bypassGovernance = await mayBypass(context, input.wantsBypass);
    const guard = bypassGovernance
      ? context.guardFor([{ action: versionedAction(input.versionId, 'Delete') }, bypassPermission()])
      : context.guard;
    const { key, versionId, ifMatch } = input;
    const options = { bucket: requireBucket(context), key, versionId, ifMatch, bypassGovernance, guard };
    return { status: 204, headers: outcomeHeaders(await deleteStored(context.services, options)) };
  },
});
