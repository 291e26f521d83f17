import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../../src/console-api/contract.ts';
import { useSession } from '../../api/session.ts';
import { useSetUserPassword } from '../../api/users.ts';
import { meetsRules } from '../../password.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { NewPassword } from './new-password.tsx';
import { Modal } from '../dialog.tsx';

export function SetPassword({ user, onClose }: { user: UserView; onClose: () => void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [mustChange, setMustChange] = useState(false);
  const rules = useSession().passwordRules.users;
  const update = useSetUserPassword();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate(
      { id: user.id, password, mustChange },
      {
        onSuccess: () => {
          notifications.show({ message: t('users.password-notice', { name: user.username }) });
          onClose();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={t('users.set-password-of', { name: user.username })}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed">
            {t('users.set-password-text')}
          </Text>
          <ProblemNotice error={update.error} />
          <NewPassword value={password} onChange={setPassword} />
          <Checkbox
            label={t('holder.must-change')}
            checked={mustChange}
            onChange={(event) => setMustChange(event.currentTarget.checked)}
          />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={!meetsRules(password, rules)} loading={update.isPending}>
              {t('users.set-password')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
