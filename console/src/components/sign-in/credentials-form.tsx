// The two doors with a password. They differ in who one says to be.
import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue, useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signInMethodsQuery } from '../../api/sign-in.ts';
import { type SecondStep, useSignIn } from '../../hooks/use-sign-in.ts';
import type { Kind } from '../../routes/sign-in.tsx';
import { AnchorLink } from '../links.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { OtherWays } from './other-ways.tsx';

type Props = { kind: Kind; onSignedIn: () => void; onSecondStep: (step: SecondStep) => void };

const EMAIL = /^[^\s@]+@[^\s@]+$/;
const TYPING_MS = 500;

export function CredentialsForm({ kind, onSignedIn, onSecondStep }: Props) {
  const { t } = useTranslation();
  // Whose user one is rarely changes: the browser keeps the root's e-mail, never the user's name or password.
  const [keptEmail, keepEmail] = useLocalStorage({
    key: 'vstorage-root-email',
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  const iam = kind === 'iam';
  const [email, setEmail] = useState(iam ? keptEmail : '');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [settled] = useDebouncedValue(email.trim(), TYPING_MS);
  const methods = useQuery(signInMethodsQuery(iam && EMAIL.test(settled) ? settled : ''));
  const keep = () => {
    if (iam) keepEmail(email.trim());
    onSignedIn();
  };
  const signIn = useSignIn({ onSignedIn: keep, onSecondStep });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const owner = email.trim();
    if (iam) signIn.mutate({ type: 'iam', rootEmail: owner, username: username.trim(), password });
    else signIn.mutate({ type: 'root', email: owner, password });
  };
  return (
    <Stack gap="lg">
      <form onSubmit={submit}>
        <Stack>
          <ProblemNotice error={signIn.error} />
          <TextInput
            size="md"
            label={t(iam ? 'sign-in.root-email' : 'sign-in.email')}
            type="email"
            name={iam ? 'root-email' : 'email'}
            autoComplete={iam ? 'organization' : 'username'}
            autoFocus={email === ''}
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
              autoFocus={email !== ''}
              required
              withAsterisk={false}
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
          )}
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
      {methods.data?.passwordReset === true && (
        <Group justify="center">
          <AnchorLink to="/signin/forgot" search={{ kind }} size="sm">
            {t('sign-in.forgot')}
          </AnchorLink>
        </Group>
      )}
      <OtherWays providers={iam ? (methods.data?.providers ?? []) : []} passkey onSignedIn={onSignedIn} />
    </Stack>
  );
}
