import { Button, Group, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../../src/console-api/contract.ts';
import { signInMethodsQuery } from '../../api/sign-in.ts';
import { useInviteAgain, useSetUserEmail } from '../../api/sign-in-settings.ts';
import { currentLanguage } from '../../i18n.ts';
import { ProblemNotice } from '../problem-notice.tsx';

/** Where invitations and password resets go. Somebody without a password yet can be invited again. */
export function UserEmail({ user }: { user: UserView }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState(user.email ?? '');
  const { data: methods } = useQuery(signInMethodsQuery(''));
  const save = useSetUserEmail(user.id);
  const invite = useInviteAgain(user.id);
  const changed = email.trim() !== (user.email ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(email.trim() === '' ? null : email.trim(), {
      onSuccess: () => notifications.show({ message: t('user-sign-ins.email-saved') }),
    });
  };
  const sendAgain = () =>
    invite.mutate(
      { language: currentLanguage() },
      { onSuccess: () => notifications.show({ message: t('invite.sent', { email: user.email ?? '' }) }) },
    );
  return (
    <form onSubmit={submit}>
      <ProblemNotice error={save.error ?? invite.error} />
      <Group gap="xs" align="flex-end">
        <TextInput
          style={{ flex: '1 1 240px' }}
          label={t('invite.email')}
          type="email"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!changed} loading={save.isPending}>
          {t('action.save')}
        </Button>
        {!user.hasPassword && methods?.passwordReset === true && (
          <Button
            variant="default"
            disabled={changed || user.email === null}
            loading={invite.isPending}
            onClick={sendAgain}
          >
            {t('invite.again')}
          </Button>
        )}
      </Group>
    </form>
  );
}
