import { z } from 'zod';
import { readRecord } from '../../identity/read-records.ts';
import { type S3KeyRecord, s3KeyKey } from '../../metadata/tables/identities.ts';
import { type TemporaryKeyRecord, temporaryKeyKey } from '../../metadata/tables/temporary-keys.ts';
import type { AccessKey } from '../../shared/ids.ts';
import { declareCall } from '../call.ts';
import { QueryError } from '../errors.ts';
import { accessKeyId } from '../schemas.ts';

/** Only of the caller's own account: whose a key is on the same server is nobody else's business. */
export const getAccessKeyInfo = declareCall({
  service: 'sts',
  name: 'GetAccessKeyInfo',
  input: z.strictObject({ AccessKeyId: accessKeyId }),
  asks: () => [{ action: 'sts:GetAccessKeyInfo', resource: '*' }],
  run: async ({ AccessKeyId }, { services, caller: { accountId } }) => {
    const name = AccessKeyId as AccessKey;
    const found = await services.store.read((snapshot) =>
      Promise.all([
        readRecord<S3KeyRecord>(snapshot, s3KeyKey(name)),
        readRecord<TemporaryKeyRecord>(snapshot, temporaryKeyKey(name)),
      ]),
    );
    if (found.some((key) => key?.accountId === accountId)) return { Account: accountId };
    throw new QueryError('ValidationError', `${AccessKeyId} is no access key of this account.`);
  },
});
