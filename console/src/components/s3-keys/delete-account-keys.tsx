import { Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { type AccountS3Key, useDeleteAccountKeys } from '../../api/account-keys.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import classes from './keys.module.css';

type Props = { keys: readonly AccountS3Key[]; onClose: () => void; onDeleted: () => void };

/** Keys of several projects. */
export function DeleteAccountKeys({ keys, onClose, onDeleted }: Props) {
  const { t } = useTranslation();
  const remove = useDeleteAccountKeys();
  const confirm = () =>
    remove.mutate(
      keys.map(({ id }) => id),
      {
        onSuccess: ({ results }) => {
          const count = results.filter(({ deleted }) => deleted).length;
          if (count > 0) notifications.show({ message: t('keys.deleted-notice', { count }) });
          for (const one of results) if (!one.deleted) notifications.show({ color: 'red', message: one.detail });
          onDeleted();
          onClose();
        },
      },
    );
  return (
    <ConfirmDialog
      title={t('keys.delete-title', { count: keys.length })}
      action={t('action.delete')}
      error={remove.error}
      pending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text>{t('keys.delete-text', { count: keys.length })}</Text>
        <ul className={classes['doomed']}>
          {keys.map(({ id, accessKey, projectName, description }) => (
            <li key={id}>
              <span className="mono">{accessKey}</span>
              <Text size="xs">{[projectName, description].filter(Boolean).join(' · ')}</Text>
            </li>
          ))}
        </ul>
      </Stack>
    </ConfirmDialog>
  );
}
