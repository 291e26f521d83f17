import { queryOptions, useMutation } from '@tanstack/react-query';
import type { CreatePolicyRequest, PolicySummary, PolicyView } from '../../../src/console-api/contract.ts';
import { refetch } from './query-client.ts';
import { request, requestAll } from './request.ts';

const refresh = (): void => refetch(['policies']);
const path = (name: string): string => `/policies/${encodeURIComponent(name)}`;

export const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: ({ signal }) => requestAll<PolicySummary>('/policies', signal),
});

export const policyQuery = (name: string) =>
  queryOptions({ queryKey: ['policies', name], queryFn: ({ signal }) => request<PolicyView>(path(name), { signal }) });

export const useCreatePolicy = () =>
  useMutation({
    mutationFn: (body: CreatePolicyRequest) => request<PolicyView>('/policies', { method: 'POST', body }),
    onSuccess: refresh,
  });

export const useUpdatePolicy = () =>
  useMutation({
    mutationFn: ({ name, ...body }: { name: string; description: string; document: string }) =>
      request<PolicyView>(path(name), { method: 'PUT', body }),
    onSuccess: refresh,
  });

export const useDeletePolicy = () =>
  useMutation({
    mutationFn: (name: string) => request<void>(path(name), { method: 'DELETE' }),
    onSuccess: refresh,
  });
