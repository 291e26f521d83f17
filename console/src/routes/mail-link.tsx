// Where links in mails lead: an invitation, a password reset, or signing up. The token stands behind the # of the
// address, which no server sees, and is taken out of the address at once.
import { Button, Loader, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LinkView } from '../../../src/console-api/contract/sign-in.ts';
import { ApiError } from '../api/request.ts';
import { linkQuery, useCompleteSignUp, useSetPasswordByLink } from '../api/sign-in.ts';
import { ChoosePassword, isChosen, nothingChosen } from '../components/choose-password.tsx';
import { Notice } from '../components/notice.tsx';
import { ProblemNotice } from '../components/problem-notice.tsx';
import { BackToSignIn } from '../components/sign-in/back.tsx';
import { SignInFrame } from '../components/sign-in/frame.tsx';

function takeToken(): string {
  const token = location.hash.slice(1);
  if (token !== '') history.replaceState(history.state, '', location.pathname);
  return token;
}

export function MailLinkPage() {
  const { t } = useTranslation();
  const [token] = useState(takeToken);
  const link = useQuery(linkQuery(token));
  if (link.data !== undefined) return <SetPassword token={token} link={link.data} />;
  return (
    <SignInFrame title={t('link.title')} back={<BackToSignIn />}>
      {link.isError ? <Broken error={link.error} /> : <Loader aria-label={t('link.title')} />}
    </SignInFrame>
  );
}

/** What is no token at all, as when a mail program has cut the address, is told as one that is no longer good. */
function Broken({ error }: { error: Error }) {
  const { t } = useTranslation();
  const isMalformed = error instanceof ApiError && error.problem.status === 400;
  return isMalformed ? (
    <Notice tone="danger" role="alert">
      {t('link.malformed')}
    </Notice>
  ) : (
    <ProblemNotice error={error} />
  );
}

function SetPassword({ token, link }: { token: string; link: LinkView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(nothingChosen);
  const [accountName, setAccountName] = useState('');
  const setPassword = useSetPasswordByLink();
  const signUp = useCompleteSignUp();
  const { kind, name, rootEmail, passwordRules } = link;
  const signingUp = kind === 'sign-up';
  const onSuccess = () => {
    if (rootEmail !== null) localStorage.setItem('vstorage-root-email', JSON.stringify(rootEmail));
    localStorage.setItem('vstorage-sign-in', JSON.stringify(rootEmail === null ? 'root' : 'iam'));
    notifications.show({ message: t(signingUp ? 'link.account-made' : 'link.password-set') });
    void navigate({ to: '/signin' });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { password } = chosen;
    if (!signingUp) setPassword.mutate({ token, newPassword: password }, { onSuccess });
    else if (accountName.trim() === '') signUp.mutate({ token, password }, { onSuccess });
    else signUp.mutate({ token, password, name: accountName.trim() }, { onSuccess });
  };
  const text = rootEmail === null ? t('link.for-account', { name }) : t('link.for-user', { name, rootEmail });
  return (
    <SignInFrame title={t(`link.${kind}`)} text={text}>
      <form onSubmit={submit}>
        <Stack>
          <ProblemNotice error={setPassword.error ?? signUp.error} />
          <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
          {signingUp && (
            <TextInput
              size="md"
              label={t('sign-up.name')}
              description={t('action.optional')}
              name="name"
              autoComplete="name"
              maxLength={100}
              value={accountName}
              onChange={(event) => setAccountName(event.currentTarget.value)}
            />
          )}
          <ChoosePassword value={chosen} onChange={setChosen} rules={passwordRules} size="md" />
          <Button
            type="submit"
            size="md"
            mt="xs"
            disabled={!isChosen(chosen, passwordRules)}
            loading={setPassword.isPending || signUp.isPending}
          >
            {t(signingUp ? 'sign-up.make' : 'link.set-password')}
          </Button>
        </Stack>
      </form>
    </SignInFrame>
  );
}
