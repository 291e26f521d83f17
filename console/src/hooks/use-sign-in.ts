import { useMutation } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { signIn } from '../api/session.ts';

/** Signs in and goes back to where the reader was, or to the projects. */
export function useSignIn(onSignedIn: () => void) {
  const router = useRouter();
  const { redirect } = useSearch({ from: '/signin' });
  return useMutation({
    mutationFn: signIn,
    onSuccess: async () => {
      onSignedIn();
      if (redirect === undefined) await router.navigate({ to: '/projects' });
      else router.history.push(redirect);
    },
  });
}
