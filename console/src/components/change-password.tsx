import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangePassword } from '../api/session.ts';
import { passwordRules } from '../password.ts';
import { PasswordRules } from './password-rules.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { Modal } from './dialog.tsx';

export function ChangePassword({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={t('account.change-password')}>
      <Form onClose={onClose} />
    </Modal>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const [repeated, setRepeated] = useState('');
  const change = useChangePassword();
  const differs = repeated !== '' && repeated !== wanted;
  const ready = current !== '' && repeated === wanted && passwordRules(wanted).every((rule) => rule.met);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { currentPassword: current, newPassword: wanted },
      {
        onSuccess: () => {
          notifications.show({ message: t('account.password-changed') });
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <ProblemNotice error={change.error} />
        <PasswordInput
          label={t('account.current-password')}
          autoComplete="current-password"
          data-autofocus
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('account.new-password')}
          autoComplete="new-password"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <PasswordRules password={wanted} />
        <PasswordInput
          label={t('account.repeat-password')}
          autoComplete="new-password"
          value={repeated}
          error={differs ? t('account.passwords-differ') : null}
          onChange={(event) => setRepeated(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={change.isPending}>
            {t('account.change-password')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
