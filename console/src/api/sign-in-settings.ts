// What the account asks of those who sign in, its identity providers, and the sign-ins of its IAM users.
import { queryOptions, useMutation } from '@tanstack/react-query';
import type { UserView } from '../../../src/console-api/contract.ts';
import type {
  ChangeSignInSettingsRequest,
  CreateIdentityProviderRequest,
  IdentityProviderList,
  IdentityProviderTest,
  IdentityProviderView,
  InviteUserRequest,
  SignInSettingsView,
  UpdateIdentityProviderRequest,
  UserSignInsView,
} from '../../../src/console-api/contract/sign-in.ts';
import { refetch } from './query-client.ts';
import { request } from './request.ts';

export const settingsQuery = queryOptions({
  queryKey: ['sign-in-settings'],
  queryFn: ({ signal }) => request<SignInSettingsView>('/sign-in-settings', { signal }),
});

export const useChangeSettings = () =>
  useMutation({
    mutationFn: (body: ChangeSignInSettingsRequest) =>
      request<SignInSettingsView>('/sign-in-settings', { method: 'PATCH', body }),
    onSuccess: () => refetch(['sign-in-settings'], ['session'], ['security']),
  });

export const providersQuery = queryOptions({
  queryKey: ['identity-providers'],
  queryFn: ({ signal }) => request<IdentityProviderList>('/identity-providers', { signal }),
});

const refreshProviders = (): void => refetch(['identity-providers'], ['sign-in-methods']);
const providerPath = (id: string): string => `/identity-providers/${encodeURIComponent(id)}`;

/** `id`: null makes a new one. */
export const useSaveProvider = (id: string | null) =>
  useMutation({
    mutationFn: (body: CreateIdentityProviderRequest & UpdateIdentityProviderRequest) =>
      id === null
        ? request<IdentityProviderView>('/identity-providers', { method: 'POST', body })
        : request<IdentityProviderView>(providerPath(id), { method: 'PATCH', body }),
    onSuccess: refreshProviders,
  });

export const useSetProviderStatus = () =>
  useMutation({
    mutationFn: ({ id, status }: Pick<IdentityProviderView, 'id' | 'status'>) =>
      request<IdentityProviderView>(providerPath(id), { method: 'PATCH', body: { status } }),
    onSettled: refreshProviders,
  });

export const useDeleteProvider = () =>
  useMutation({
    mutationFn: (id: string) => request<void>(providerPath(id), { method: 'DELETE' }),
    onSettled: refreshProviders,
  });

export const useTestProvider = () =>
  useMutation({
    mutationFn: (issuer: string) =>
      request<IdentityProviderTest>('/identity-providers/test', { method: 'POST', body: { issuer } }),
  });

const userPath = (id: string): string => `/users/${encodeURIComponent(id)}`;
const refreshUser = (): void => refetch(['users'], ['user-sign-ins']);

export const userSignInsQuery = (id: string) =>
  queryOptions({
    queryKey: ['user-sign-ins', id],
    queryFn: ({ signal }) => request<UserSignInsView>(`${userPath(id)}/sign-ins`, { signal }),
  });

export const useEndUserSession = (id: string) =>
  useMutation({
    mutationFn: (sessionId: string) => request<void>(`${userPath(id)}/sessions/${sessionId}`, { method: 'DELETE' }),
    onSettled: refreshUser,
  });

/** What an administrator does for somebody who cannot get in, or must get out. */
export const useUserSignInAction = (id: string) =>
  useMutation({
    mutationFn: (action: 'sessions/end' | 'second-factors/remove' | 'unlock') =>
      request<void>(`${userPath(id)}/${action}`, { method: 'POST' }),
    onSettled: refreshUser,
  });

export const useInviteUser = () =>
  useMutation({
    mutationFn: (body: InviteUserRequest) => request<UserView>('/users/invitations', { method: 'POST', body }),
    onSuccess: () => refetch(['users'], ['policies']),
  });

export const useInviteAgain = (id: string) =>
  useMutation({
    mutationFn: (body: { email?: string; language: 'en' | 'vi' }) =>
      request<UserView>(`${userPath(id)}/invitation`, { method: 'POST', body }),
    onSuccess: refreshUser,
  });

export const useSetUserEmail = (id: string) =>
  useMutation({
    mutationFn: (email: string | null) =>
      request<UserView>(`${userPath(id)}/email`, { method: 'PUT', body: { email } }),
    onSuccess: refreshUser,
  });
