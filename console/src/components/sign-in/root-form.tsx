import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSignIn } from '../../hooks/use-sign-in.ts';
import { ProblemNotice } from '../problem-notice.tsx';

export function RootForm({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useSignIn(onSignedIn);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ type: 'root', email: email.trim(), password });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <ProblemNotice error={signIn.error} />
        <TextInput
          size="md"
          label={t('sign-in.email')}
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          size="md"
          label={t('sign-in.password')}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" mt="xs" loading={signIn.isPending}>
          {t('sign-in.submit')}
        </Button>
      </Stack>
    </form>
  );
}
