import { useTranslation } from 'react-i18next';
import { type GroupView, useDeleteGroups } from '../../api/groups.ts';
import { showDeleted } from '../../show-deleted.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

type Props = { groups: readonly GroupView[]; onClose: () => void; onDeleted: () => void };

export function DeleteGroups({ groups, onClose, onDeleted }: Props) {
  const { t } = useTranslation();
  const remove = useDeleteGroups();
  const names = groups.map(({ name }) => name).join(', ');
  const confirm = () =>
    remove.mutate(
      groups.map(({ id }) => id),
      {
        onSuccess: (result) => {
          showDeleted(result, (count) => t('groups.deleted-notice', { count }));
          onDeleted();
          onClose();
        },
      },
    );
  return (
    <ConfirmDialog
      title={t('groups.delete-title', { count: groups.length })}
      action={t('action.delete')}
      error={remove.error}
      pending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      {t('groups.delete-text', { names })}
    </ConfirmDialog>
  );
}
