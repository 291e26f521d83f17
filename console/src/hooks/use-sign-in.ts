import { useMutation } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import type { SessionView, SignInRequest } from '../../../src/console-api/contract.ts';
import { ApiError } from '../api/request.ts';
import { signIn } from '../api/session.ts';
import { signInWithPasskey } from '../api/sign-in.ts';

/** The password was right; this is what the next step needs. */
export type SecondStep = { ticket: string; factors: readonly ('totp' | 'passkey' | 'recovery-code')[] };

/** Goes on to what must be done first, back to where the reader was, or to the overview. */
export function useEnter() {
  const router = useRouter();
  const { redirect } = useSearch({ strict: false });
  return async (session: SessionView, returnPath: string | undefined = redirect): Promise<void> => {
    if (session.pending !== null) {
      await router.navigate({
        to: '/signin/required',
        search: returnPath === undefined ? {} : { redirect: returnPath },
      });
    } else if (returnPath === undefined) await router.navigate({ to: '/overview' });
    else router.history.push(returnPath);
  };
}

type Handlers = { onSignedIn?: () => void; onSecondStep?: (step: SecondStep) => void };

export function useSignIn({ onSignedIn, onSecondStep }: Handlers) {
  const enter = useEnter();
  return useMutation({
    mutationFn: (credentials: SignInRequest) => signIn(credentials),
    onSuccess: async (session) => {
      onSignedIn?.();
      await enter(session);
    },
    onError: (error) => {
      const step = secondStepIn(error);
      if (step !== null) onSecondStep?.(step);
    },
  });
}

function secondStepIn(error: Error): SecondStep | null {
  if (!(error instanceof ApiError)) return null;
  const { code, ticket, secondFactors } = error.problem;
  return code === 'second-factor-required' && ticket !== undefined ? { ticket, factors: secondFactors ?? [] } : null;
}

/** `ticket`: as the second factor; null: instead of a password. */
export function usePasskeySignIn(ticket: string | null, onSignedIn?: () => void) {
  const enter = useEnter();
  return useMutation({
    mutationFn: () => signInWithPasskey(ticket),
    onSuccess: async (session) => {
      onSignedIn?.();
      await enter(session);
    },
  });
}
