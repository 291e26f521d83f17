// The S3 keys of all projects.
import { queryOptions, useMutation } from '@tanstack/react-query';
import type { DeleteManyResult } from '../../../src/console-api/contract.ts';
import type {
  AccountS3KeyList,
  SetKeyStatusRequest,
  SetKeyStatusResult,
} from '../../../src/console-api/contract/account-keys.ts';
import { refetch } from './query-client.ts';
import { request } from './request.ts';

export type { AccountS3Key } from '../../../src/console-api/contract/account-keys.ts';

const refresh = (): void => refetch(['s3-keys']);

export const accountKeysQuery = queryOptions({
  queryKey: ['s3-keys'],
  queryFn: async ({ signal }): Promise<AccountS3KeyList> => {
    const first = await request<AccountS3KeyList>('/s3-keys?limit=1000', { signal });
    const items = [...first.items];
    let { nextCursor } = first;
    while (nextCursor !== null) {
      const next: AccountS3KeyList = await request(`/s3-keys?limit=1000&cursor=${encodeURIComponent(nextCursor)}`, {
        signal,
      });
      items.push(...next.items);
      nextCursor = next.nextCursor;
    }
    return { ...first, items, nextCursor: null };
  },
});

export const accountKeyReportUrl = '/api/v1/s3-keys/report.csv';

export const useSetKeysStatus = () =>
  useMutation({
    mutationFn: (body: SetKeyStatusRequest) => request<SetKeyStatusResult>('/s3-keys/status', { method: 'POST', body }),
    onSettled: refresh,
  });

export const useDeleteAccountKeys = () =>
  useMutation({
    mutationFn: (ids: string[]) => request<DeleteManyResult>('/s3-keys/delete', { method: 'POST', body: { ids } }),
    onSettled: refresh,
  });
