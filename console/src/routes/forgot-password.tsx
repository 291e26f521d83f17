// Asks for a link by mail. What it answers does not tell whether there is such an account.
import { Button, Stack, TextInput } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRequestReset } from '../api/sign-in.ts';
import { ProblemNotice } from '../components/problem-notice.tsx';
import { BackToSignIn } from '../components/sign-in/back.tsx';
import { SignInFrame } from '../components/sign-in/frame.tsx';
import { MailSent } from '../components/sign-in/mail-sent.tsx';
import { currentLanguage } from '../i18n.ts';

export function ForgotPasswordPage() {
  const { t } = useTranslation();
  const { kind } = useSearch({ from: '/signin/forgot' });
  const [email, setEmail] = useState('');
  const [username, setUsername] = useState('');
  const reset = useRequestReset();
  const iam = kind === 'iam';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const language = currentLanguage();
    const owner = email.trim();
    if (iam) reset.mutate({ type: 'iam', rootEmail: owner, username: username.trim(), language });
    else reset.mutate({ type: 'root', email: owner, language });
  };
  if (reset.isSuccess) return <MailSent text={t(iam ? 'forgot.sent-iam' : 'forgot.sent')} />;
  return (
    <SignInFrame title={t('forgot.title')} text={t(iam ? 'forgot.text-iam' : 'forgot.text')} back={<BackToSignIn />}>
      <form onSubmit={submit}>
        <Stack>
          <ProblemNotice error={reset.error} />
          <TextInput
            size="md"
            label={t(iam ? 'sign-in.root-email' : 'sign-in.email')}
            type="email"
            name="email"
            autoComplete={iam ? 'organization' : 'username'}
            autoFocus
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          {iam && (
            <TextInput
              size="md"
              label={t('sign-in.username')}
              name="username"
              autoComplete="username"
              required
              withAsterisk={false}
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
          )}
          <Button type="submit" size="md" mt="xs" loading={reset.isPending}>
            {t('forgot.submit')}
          </Button>
        </Stack>
      </form>
    </SignInFrame>
  );
}
