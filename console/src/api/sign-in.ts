// What the sign-in pages ask before anybody has signed in.
import { queryOptions, useMutation } from '@tanstack/react-query';
import type { SessionView } from '../../../src/console-api/contract.ts';
import type {
  CompleteSignUpRequest,
  LinkView,
  PasskeyQuestion,
  PasswordResetRequest,
  SetPasswordByLinkRequest,
  SignInMethods,
  SignUpRequest,
} from '../../../src/console-api/contract/sign-in.ts';
import { answerPasskey } from '../passkey.ts';
import { keepReturnPath } from '../return-path.ts';
import { request } from './request.ts';
import { signIn } from './session.ts';

/** `rootEmail`: of the account whose identity providers are shown, too. */
export const signInMethodsQuery = (rootEmail: string) =>
  queryOptions({
    queryKey: ['sign-in-methods', rootEmail],
    staleTime: 60_000,
    queryFn: ({ signal }) => {
      const query = rootEmail === '' ? '' : `?rootEmail=${encodeURIComponent(rootEmail)}`;
      return request<SignInMethods>(`/session/methods${query}`, { signal });
    },
  });

export type Provider = SignInMethods['providers'][number];

/** `ticket`: of a password that was right; without it the passkey is all. */
export async function signInWithPasskey(ticket: string | null): Promise<SessionView> {
  const body = ticket === null ? {} : { ticket };
  const question = await request<PasskeyQuestion>('/session/passkey-options', { method: 'POST', body });
  const passkey = await answerPasskey(question);
  return signIn(ticket === null ? { type: 'passkey', passkey } : { type: 'second-factor', ticket, passkey });
}

/** The browser leaves this page for the provider's and comes back to /signin/callback. */
export const useLeaveForProvider = (returnPath: string | undefined) =>
  useMutation({
    mutationFn: async ({ accountId, providerId }: Provider) => {
      const body = { accountId, providerId };
      const { url } = await request<{ url: string }>('/session/identity-provider', { method: 'POST', body });
      keepReturnPath(returnPath);
      location.assign(url);
    },
  });

export const useRequestReset = () =>
  useMutation({
    mutationFn: (body: PasswordResetRequest) => request<void>('/session/password-reset', { method: 'POST', body }),
  });

export const useRequestSignUp = () =>
  useMutation({ mutationFn: (body: SignUpRequest) => request<void>('/sign-ups', { method: 'POST', body }) });

export const linkQuery = (token: string) =>
  queryOptions({
    queryKey: ['link', token],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: ({ signal }) => request<LinkView>('/session/link', { method: 'POST', body: { token }, signal }),
  });

export const useSetPasswordByLink = () =>
  useMutation({
    mutationFn: (body: SetPasswordByLinkRequest) => request<void>('/session/link/password', { method: 'POST', body }),
  });

export const useCompleteSignUp = () =>
  useMutation({
    mutationFn: (body: CompleteSignUpRequest) => request<void>('/sign-ups/complete', { method: 'POST', body }),
  });
