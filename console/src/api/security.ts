// What the signed-in identity signs in with, and its open sessions.
import { queryOptions, useMutation } from '@tanstack/react-query';
import type {
  AddedPasskey,
  ConfirmRequest,
  OpenSessionView,
  PasskeyQuestion,
  RecoveryCodes,
  SecurityView,
  TotpEnrolment,
} from '../../../src/console-api/contract/sign-in.ts';
import { createPasskey } from '../passkey.ts';
import { refetch } from './query-client.ts';
import { request } from './request.ts';

const refresh = (): void => refetch(['security'], ['sessions']);

export const securityQuery = queryOptions({
  queryKey: ['security'],
  queryFn: ({ signal }) => request<SecurityView>('/session/security', { signal }),
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async ({ signal }) => (await request<{ items: OpenSessionView[] }>('/sessions', { signal })).items,
});

export const useBeginTotp = () =>
  useMutation({
    mutationFn: (body: ConfirmRequest) => request<TotpEnrolment>('/session/totp', { method: 'POST', body }),
  });

export const useConfirmTotp = () =>
  useMutation({
    mutationFn: (otp: string) => request<RecoveryCodes>('/session/totp/confirm', { method: 'POST', body: { otp } }),
    onSuccess: refresh,
  });

export const useRemoveTotp = () =>
  useMutation({
    mutationFn: (body: ConfirmRequest) => request<void>('/session/totp/remove', { method: 'POST', body }),
    onSuccess: refresh,
  });

export const useRenewCodes = () =>
  useMutation({
    mutationFn: (body: ConfirmRequest) => request<RecoveryCodes>('/session/recovery-codes', { method: 'POST', body }),
    onSuccess: refresh,
  });

/** Asks the server, then the browser, then the server again. */
export const useAddPasskey = () =>
  useMutation({
    mutationFn: async ({ name, ...body }: ConfirmRequest & { name: string }) => {
      const question = await request<PasskeyQuestion>('/session/passkeys/options', { method: 'POST', body });
      const made = await createPasskey(question);
      return request<AddedPasskey>('/session/passkeys', { method: 'POST', body: { name, ...made } });
    },
    onSuccess: refresh,
  });

export const useRenamePasskey = () =>
  useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      request<void>(`/session/passkeys/${id}`, { method: 'PATCH', body: { name } }),
    onSuccess: refresh,
  });

export const useRemovePasskey = () =>
  useMutation({
    mutationFn: ({ id, ...body }: ConfirmRequest & { id: string }) =>
      request<void>(`/session/passkeys/${id}/remove`, { method: 'POST', body }),
    onSuccess: refresh,
  });

export const useEndSession = () =>
  useMutation({
    mutationFn: (id: string) => request<void>(`/sessions/${id}`, { method: 'DELETE' }),
    onSettled: refresh,
  });

export const useEndOtherSessions = () =>
  useMutation({
    mutationFn: () => request<void>('/sessions/end-others', { method: 'POST' }),
    onSettled: refresh,
  });
