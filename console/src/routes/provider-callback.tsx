// Back from an identity provider. What it says is handed to the server once, which finds out what it is worth.
import { Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNotice } from '../components/problem-notice.tsx';
import { BackToSignIn } from '../components/sign-in/back.tsx';
import { SignInFrame } from '../components/sign-in/frame.tsx';
import { useEnter } from '../hooks/use-sign-in.ts';
import { signIn } from '../api/session.ts';
import { takeReturnPath } from '../return-path.ts';

/** Once, also when the page is drawn twice: a code is good once. */
let finishing: ReturnType<typeof signIn> | null = null;

function finish(): ReturnType<typeof signIn> {
  const query = location.search;
  history.replaceState(history.state, '', location.pathname);
  return signIn({ type: 'identity-provider', query: query === '' ? '?' : query });
}

export function ProviderCallbackPage() {
  const { t } = useTranslation();
  const enter = useEnter();
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    finishing ??= finish();
    const going = finishing;
    going
      .then(async (session) => {
        finishing = null;
        await enter(session, takeReturnPath());
      })
      .catch((failure: unknown) => setError(failure));
    // oxlint-disable-next-line react/exhaustive-deps -- once, when the browser comes back
  }, []);
  return (
    <SignInFrame title={t('sign-in.title')} {...(error === null ? {} : { back: <BackToSignIn /> })}>
      {error === null ? <Loader aria-label={t('sign-in.finishing')} /> : <ProblemNotice error={error} />}
    </SignInFrame>
  );
}
