import { Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import type { S3KeyView } from '../../../../src/console-api/contract.ts';
import { useDeleteS3Keys } from '../../api/s3-keys.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import classes from './keys.module.css';

type Props = { projectId: string; keys: S3KeyView[]; onClose: () => void; onDeleted: () => void };

export function DeleteKeys({ projectId, keys, onClose, onDeleted }: Props) {
  const { t } = useTranslation();
  const remove = useDeleteS3Keys(projectId);
  const confirm = () =>
    remove.mutate(
      keys.map((key) => key.id),
      {
        onSuccess: ({ results }) => {
          const refused = results.filter((result) => !result.deleted);
          const deleted = results.length - refused.length;
          if (deleted > 0) notifications.show({ message: t('keys.deleted-notice', { count: deleted }) });
          for (const { detail } of refused) notifications.show({ color: 'red', message: detail, autoClose: 8000 });
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
          {keys.map((key) => (
            <li key={key.id}>
              <span className="mono">{key.accessKey}</span>
              {key.description !== '' && <Text size="xs">{key.description}</Text>}
            </li>
          ))}
        </ul>
      </Stack>
    </ConfirmDialog>
  );
}
