// A root account of one's own begins with a mail to the address it will have.
import { Button, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRequestSignUp } from '../api/sign-in.ts';
import { ProblemNotice } from '../components/problem-notice.tsx';
import { BackToSignIn } from '../components/sign-in/back.tsx';
import { SignInFrame } from '../components/sign-in/frame.tsx';
import { MailSent } from '../components/sign-in/mail-sent.tsx';
import { currentLanguage } from '../i18n.ts';

export function SignUpPage() {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const signUp = useRequestSignUp();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signUp.mutate({ email: email.trim(), language: currentLanguage() });
  };
  if (signUp.isSuccess) return <MailSent text={t('sign-up.sent')} />;
  return (
    <SignInFrame title={t('sign-up.title')} text={t('sign-up.text')} back={<BackToSignIn />}>
      <form onSubmit={submit}>
        <Stack>
          <ProblemNotice error={signUp.error} />
          <TextInput
            size="md"
            label={t('sign-in.email')}
            type="email"
            name="email"
            autoComplete="email"
            autoFocus
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Button type="submit" size="md" mt="xs" loading={signUp.isPending}>
            {t('sign-up.submit')}
          </Button>
        </Stack>
      </form>
    </SignInFrame>
  );
}
