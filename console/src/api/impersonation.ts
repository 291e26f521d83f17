// Acting as a service account, and going back: everything that was known belonged to somebody else.
import { useMutation } from '@tanstack/react-query';
import type { SessionView } from '../../../src/console-api/contract.ts';
import { request } from './request.ts';
import { enterSession } from './session.ts';

const path = '/session/impersonation';

export const useActAs = () =>
  useMutation({
    mutationFn: (serviceAccountId: string) =>
      request<SessionView>(path, { method: 'POST', body: { serviceAccountId } }),
    onSuccess: enterSession,
  });

export const useGoBack = () =>
  useMutation({ mutationFn: () => request<SessionView>(path, { method: 'DELETE' }), onSuccess: enterSession });
