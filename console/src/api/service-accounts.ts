import { queryOptions, useMutation } from '@tanstack/react-query';
import type { DeleteManyResult } from '../../../src/console-api/contract.ts';
import type {
  CreatedServiceAccount,
  CreateServiceAccountRequest,
  ServiceAccountView,
  UpdateServiceAccountRequest,
} from '../../../src/console-api/contract/iam.ts';
import { refetch } from './query-client.ts';
import { request, requestAll } from './request.ts';

export type { CreatedServiceAccount, ServiceAccountView } from '../../../src/console-api/contract/iam.ts';

const refresh = (): void => refetch(['service-accounts'], ['policies'], ['s3-keys']);
const path = (id: string): string => `/service-accounts/${encodeURIComponent(id)}`;

export const serviceAccountsQuery = queryOptions({
  queryKey: ['service-accounts'],
  queryFn: ({ signal }) => requestAll<ServiceAccountView>('/service-accounts', signal),
});
export const serviceAccountQuery = (id: string) =>
  queryOptions({
    queryKey: ['service-accounts', id],
    queryFn: ({ signal }) => request<ServiceAccountView>(path(id), { signal }),
  });

export const useCreateServiceAccount = () =>
  useMutation({
    mutationFn: (body: CreateServiceAccountRequest) =>
      request<CreatedServiceAccount>('/service-accounts', { method: 'POST', body }),
    onSuccess: refresh,
  });
export const useResetSecret = () =>
  useMutation({
    mutationFn: (id: string) => request<CreatedServiceAccount>(`${path(id)}/secret`, { method: 'POST' }),
    onSuccess: refresh,
  });
export const useUpdateServiceAccount = () =>
  useMutation({
    mutationFn: ({ id, ...body }: UpdateServiceAccountRequest & { id: string }) =>
      request<ServiceAccountView>(path(id), { method: 'PATCH', body }),
    onSuccess: refresh,
  });
export const useSetServiceAccountPolicies = () =>
  useMutation({
    mutationFn: ({ id, policies }: { id: string; policies: string[] }) =>
      request<ServiceAccountView>(`${path(id)}/policies`, { method: 'PUT', body: { policies } }),
    onSuccess: refresh,
  });
export const useSetTrustedAccounts = () =>
  useMutation({
    mutationFn: ({ id, trustedAccounts }: { id: string; trustedAccounts: string[] }) =>
      request<ServiceAccountView>(`${path(id)}/trusted-accounts`, { method: 'PUT', body: { trustedAccounts } }),
    onSuccess: refresh,
  });
export const useDeleteServiceAccounts = () =>
  useMutation({
    mutationFn: (ids: string[]) =>
      request<DeleteManyResult>('/service-accounts/delete', { method: 'POST', body: { ids } }),
    onSuccess: refresh,
  });
