import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PasswordRules } from '../../../src/console-api/contract.ts';
import { useChangePassword, useSession } from '../api/session.ts';
import { ChoosePassword, isChosen, nothingChosen } from './choose-password.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { Modal } from './dialog.tsx';

export function ChangePassword({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { passwordRules } = useSession();
  const done = () => {
    notifications.show({ message: t('account.password-changed') });
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t('account.change-password')}>
      <ChangePasswordForm rules={passwordRules.own} onChanged={done} onCancel={onClose} />
    </Modal>
  );
}

type Props = { rules: PasswordRules; size?: 'sm' | 'md'; onChanged: () => void; onCancel?: () => void };

export function ChangePasswordForm({ rules, size = 'sm', onChanged, onCancel }: Props) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState('');
  const [chosen, setChosen] = useState(nothingChosen);
  const change = useChangePassword();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ currentPassword: current, newPassword: chosen.password }, { onSuccess: onChanged });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <ProblemNotice error={change.error} />
        <PasswordInput
          size={size}
          label={t('account.current-password')}
          autoComplete="current-password"
          data-autofocus
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <ChoosePassword value={chosen} onChange={setChosen} rules={rules} size={size} />
        <Group justify="flex-end">
          {onCancel !== undefined && (
            <Button variant="default" onClick={onCancel}>
              {t('action.cancel')}
            </Button>
          )}
          <Button
            type="submit"
            size={size}
            disabled={current === '' || !isChosen(chosen, rules)}
            loading={change.isPending}
          >
            {t('account.change-password')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
