// Somebody has signed in and must do something before anything else: change the password, or set up a second factor.
import { Button, Group } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { queryClient } from '../api/query-client.ts';
import { sessionQuery, useSignOut } from '../api/session.ts';
import { ChangePasswordForm } from '../components/change-password.tsx';
import { SecondFactorSetup } from '../components/security/second-factor-setup.tsx';
import { SignInFrame } from '../components/sign-in/frame.tsx';
import { useEnter } from '../hooks/use-sign-in.ts';

export function RequiredPage() {
  const { t } = useTranslation();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const enter = useEnter();
  const navigate = useNavigate();
  const signOut = useSignOut();
  if (session === null) return null;
  const goOn = async () => {
    const now = await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    if (now !== null) await enter(now);
  };
  const leave = () => signOut.mutate(undefined, { onSettled: () => void navigate({ to: '/signin' }) });
  const change = session.pending === 'change-password';
  return (
    <SignInFrame
      title={t(change ? 'required.password-title' : 'required.factor-title')}
      text={t(change ? 'required.password-text' : 'required.factor-text')}
    >
      {change ? (
        <ChangePasswordForm rules={session.passwordRules.own} size="md" onChanged={() => void goOn()} />
      ) : (
        <SecondFactorSetup onDone={() => void goOn()} />
      )}
      <Group justify="center" mt="xl">
        <Button variant="subtle" color="gray" leftSection={<IconLogout size={16} />} onClick={leave}>
          {t('account.sign-out')}
        </Button>
      </Group>
    </SignInFrame>
  );
}
