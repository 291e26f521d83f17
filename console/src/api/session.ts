import { queryOptions, useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
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
  // Rights can change meanwhile: visiting a page after this long asks for them again, in the background.
  staleTime: 30_000,
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

const shell = getRouteApi('/shell');

/** Inside the shell, whose guard found it: it stays the same until the guard looks again. */
export const useSession = (): SessionView => shell.useRouteContext().session;

/** Whether the identity may do this on everything in the account: decides which buttons exist. The server decides again. */
export const useMay = (action: ManagementActionName): boolean => useSession().allowedActions.includes(action);

export async function signIn(credentials: SignInRequest): Promise<SessionView> {
  return enterSession(await request<SessionView>('/session', { method: 'POST', body: credentials }));
}

/** From here on everything is asked for as whoever it is now. */
export function enterSession(session: SessionView): SessionView {
  keepToken(session);
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
