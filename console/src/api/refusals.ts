import { queryOptions } from '@tanstack/react-query';
import type { RefusalPageView, RefusalView } from '../../../src/console-api/contract/refusals.ts';
import { request } from './request.ts';

export type { RefusalSummary, RefusalView } from '../../../src/console-api/contract/refusals.ts';

export const isRequestId = (text: string): boolean => /^[0-9A-Fa-f]{16}$/.test(text);

export const refusalQuery = (requestId: string) =>
  queryOptions({
    queryKey: ['refusals', requestId],
    queryFn: ({ signal }) => request<RefusalView>(`/refusals/${encodeURIComponent(requestId)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const latestRefusalsQuery = queryOptions({
  queryKey: ['refusals'],
  queryFn: ({ signal }) => request<RefusalPageView>('/refusals?limit=20', { signal }),
});
