import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSignIn } from '../../hooks/use-sign-in.ts';
import { ProblemNotice } from '../problem-notice.tsx';

export function IamForm({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  // Whose user one is rarely changes: the browser keeps the root's e-mail, never the user's name or password.
  const [rootEmail, keepRootEmail] = useLocalStorage({
    key: 'vstorage-root-email',
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  const [owner, setOwner] = useState(rootEmail);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useSignIn(() => {
    keepRootEmail(owner.trim());
    onSignedIn();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ type: 'iam', rootEmail: owner.trim(), username: username.trim(), password });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <ProblemNotice error={signIn.error} />
        <TextInput
          size="md"
          label={t('sign-in.root-email')}
          type="email"
          name="root-email"
          autoComplete="organization"
          autoFocus={rootEmail === ''}
          required
          withAsterisk={false}
          value={owner}
          onChange={(event) => setOwner(event.currentTarget.value)}
        />
        <TextInput
          size="md"
          label={t('sign-in.username')}
          name="username"
          autoComplete="username"
          autoFocus={rootEmail !== ''}
          required
          withAsterisk={false}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
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
