import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { type RoleView, useDeleteRoles } from '../../api/roles.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

type Props = { roles: readonly RoleView[]; onClose: () => void; onDeleted: () => void };

export function DeleteRoles({ roles, onClose, onDeleted }: Props) {
  const { t } = useTranslation();
  const remove = useDeleteRoles();
  const confirm = () =>
    remove.mutate(
      roles.map(({ id }) => id),
      {
        onSuccess: ({ results }) => {
          const count = results.filter(({ deleted }) => deleted).length;
          if (count > 0) notifications.show({ message: t('roles.deleted-notice', { count }) });
          for (const one of results) if (!one.deleted) notifications.show({ color: 'red', message: one.detail });
          onDeleted();
          onClose();
        },
      },
    );
  return (
    <ConfirmDialog
      title={t('roles.delete-title', { count: roles.length })}
      action={t('action.delete')}
      error={remove.error}
      pending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      {t('roles.delete-text', { names: roles.map(({ name }) => name).join(', ') })}
    </ConfirmDialog>
  );
}
