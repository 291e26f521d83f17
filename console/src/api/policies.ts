import { queryOptions, useMutation } from '@tanstack/react-query';
import type { CreatePolicyRequest, PolicySummary, PolicyView } from '../../../src/console-api/contract.ts';
import type {
  ChangeUsageRequest,
  ImportedPolicyView,
  ImportPolicyRequest,
  PolicyVersionList,
} from '../../../src/console-api/contract/iam.ts';
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
    mutationFn: ({ name, ...body }: { name: string; description: string; document: string; replaceOldest?: boolean }) =>
      request<PolicyView>(path(name), { method: 'PUT', body }),
    onSuccess: refresh,
  });

export const useDeletePolicy = () =>
  useMutation({
    mutationFn: (name: string) => request<void>(path(name), { method: 'DELETE' }),
    onSuccess: refresh,
  });

// ── versions, who has it, policies brought along ────────────────────────────────────────────────────────────────

export const policyVersionsQuery = (name: string) =>
  queryOptions({
    queryKey: ['policies', name, 'versions'],
    queryFn: ({ signal }) => request<PolicyVersionList>(`${path(name)}/versions`, { signal }),
  });

export const useSetDefaultVersion = (name: string) =>
  useMutation({
    mutationFn: (version: number) =>
      request<void>(`${path(name)}/default-version`, { method: 'PUT', body: { version } }),
    onSuccess: refresh,
  });

export const useDeleteVersion = (name: string) =>
  useMutation({
    mutationFn: (version: number) => request<void>(`${path(name)}/versions/${version}`, { method: 'DELETE' }),
    onSuccess: refresh,
  });

export const useChangeUsage = (name: string) =>
  useMutation({
    mutationFn: (body: ChangeUsageRequest) => request<PolicyView>(`${path(name)}/usage`, { method: 'POST', body }),
    onSuccess: () => refetch(['policies'], ['users'], ['groups'], ['service-accounts'], ['roles']),
  });

export const useImportPolicy = () =>
  useMutation({
    mutationFn: (body: ImportPolicyRequest) =>
      request<ImportedPolicyView>('/policies/import', { method: 'POST', body }),
    onSuccess: refresh,
  });
