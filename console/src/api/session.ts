import { queryOptions, useMutation, useSuspenseQuery } from '@tanstack/react-query';
import type {
  ChangePasswordRequest,
  ManagementActionName,
  RegionView,
  SessionView,
  SignInRequest,
} from '../../../src/console-api/contract.ts';
import { queryClient } from './query-client.ts';
import { ApiError, request, requestAll, setCsrfToken } from './request.ts';

/** null: nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }): Promise<SessionView | null> => {
    try {
      return keepToken(await request<SessionView>('/session', { signal }));
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 401) return null;
      throw error;
    }
  },
});

function keepToken(session: SessionView): SessionView {
  setCsrfToken(session.csrfToken);
  return session;
}

/** Inside the shell, where somebody is always signed in. */
export function useSession(): SessionView {
  const { data } = useSuspenseQuery(sessionQuery);
  if (data === null) throw new Error('signed out');
  return data;
}

/** Whether the identity may do this on everything in the account: decides which buttons exist. The server decides again. */
export const useMay = (action: ManagementActionName): boolean => useSession().allowedActions.includes(action);

export async function signIn(credentials: SignInRequest): Promise<SessionView> {
  const session = keepToken(await request<SessionView>('/session', { method: 'POST', body: credentials }));
  queryClient.clear();
  queryClient.setQueryData(sessionQuery.queryKey, session);
  return session;
}

/** Forgets everything that belonged to the session, whether the server still knew it or not. */
export function forgetSession(): void {
  setCsrfToken('');
  queryClient.clear();
  queryClient.setQueryData(sessionQuery.queryKey, null);
}

export const useSignOut = () =>
  useMutation({ mutationFn: () => request<void>('/session', { method: 'DELETE' }), onSettled: forgetSession });

export const useChangePassword = () =>
  useMutation({
    mutationFn: (body: ChangePasswordRequest) => request<void>('/session/password', { method: 'PUT', body }),
  });

export const regionsQuery = queryOptions({
  queryKey: ['regions'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) => requestAll<RegionView>('/regions', signal),
});
