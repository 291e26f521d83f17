import { queryOptions } from '@tanstack/react-query';
import type { OpenApi } from '../api-docs/document.ts';
import { request } from './request.ts';

export const openApiQuery = queryOptions({
  queryKey: ['openapi'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) => request<OpenApi>('/openapi.json', { signal }),
});
