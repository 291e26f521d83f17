import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../../src/console-api/contract.ts';
import { useDeleteUsers } from '../../api/users.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

type Props = { users: UserView[]; onClose: () => void; onDeleted: () => void };

export function DeleteUsers({ users, onClose, onDeleted }: Props) {
  const { t } = useTranslation();
  const remove = useDeleteUsers();
  const names = users.map((user) => user.username).join(', ');
  const confirm = () =>
    remove.mutate(
      users.map((user) => user.id),
      {
        onSuccess: ({ results }) => {
          const gone = users.filter((user) => results.some((result) => result.deleted && result.id === user.id));
          const goneNames = gone.map((user) => user.username).join(', ');
          if (gone.length > 0) {
            notifications.show({ message: t('users.deleted-notice', { count: gone.length, names: goneNames }) });
          }
          for (const result of results) {
            if (!result.deleted) notifications.show({ color: 'red', message: result.detail, autoClose: 8000 });
          }
          onDeleted();
          onClose();
        },
      },
    );
  return (
    <ConfirmDialog
      title={t('users.delete-title', { count: users.length })}
      action={t('action.delete')}
      error={remove.error}
      pending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      {t('users.delete-text', { count: users.length, names })}
    </ConfirmDialog>
  );
}
