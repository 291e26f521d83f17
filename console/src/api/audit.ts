import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AuditFacetsView, AuditPageView } from '../../../src/console-api/contract/audit.ts';
import { request } from './request.ts';

export type { AuditRecordView } from '../../../src/console-api/contract/audit.ts';

/** What the page filters by, as it stands in its address. */
export type AuditFilter = {
  who?: string;
  operation?: string;
  outcome?: string;
  channel?: string;
  /** `read`, `all`; absent: what changes something */
  access?: string;
  resource?: string;
  address?: string;
  requestId?: string;
  /** `1h`, `24h`, `7d`, `30d`; absent: everything */
  last?: string;
};

const HOUR_MS = 3_600_000;
const spansMs: Readonly<Record<string, number>> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
};
export const spans = Object.keys(spansMs);

/** Looking at pages leaves records too: they are shown to who asks for them, or for what was refused. */
export function auditParameters({ last, access, ...filter }: AuditFilter, nowMs: number): URLSearchParams {
  const parameters = new URLSearchParams(filter);
  const changesOnly = access === undefined && filter.outcome === undefined && filter.requestId === undefined;
  if (changesOnly) parameters.set('access', 'write');
  else if (access === 'read') parameters.set('access', 'read');
  const spanMs = spansMs[last ?? ''];
  if (spanMs !== undefined) parameters.set('from', new Date(nowMs - spanMs).toISOString());
  return parameters;
}

export const auditRecordsQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) => {
      const parameters = auditParameters(filter, Date.now());
      if (pageParam !== null) parameters.set('cursor', pageParam);
      return request<AuditPageView>(`/audit?${parameters.toString()}`, { signal });
    },
    getNextPageParam: (page) => page.nextCursor,
  });

export const auditFacetsQuery = queryOptions({
  queryKey: ['audit', 'facets'],
  queryFn: ({ signal }) => request<AuditFacetsView>('/audit/facets', { signal }),
});

/** The latest changes, whoever made them. */
export const recentRecordsQuery = queryOptions({
  queryKey: ['audit', 'recent'],
  queryFn: ({ signal }) => request<AuditPageView>('/audit?access=write&category=management&limit=6', { signal }),
});
