import { useTranslation } from 'react-i18next';
import { type ServiceAccountView, useDeleteServiceAccounts } from '../../api/service-accounts.ts';
import { showDeleted } from '../../show-deleted.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

type Props = { accounts: readonly ServiceAccountView[]; onClose: () => void; onDeleted: () => void };

export function DeleteServiceAccounts({ accounts, onClose, onDeleted }: Props) {
  const { t } = useTranslation();
  const remove = useDeleteServiceAccounts();
  const confirm = () =>
    remove.mutate(
      accounts.map(({ id }) => id),
      {
        onSuccess: (result) => {
          showDeleted(result, (count) => t('service-accounts.deleted-notice', { count }));
          onDeleted();
          onClose();
        },
      },
    );
  return (
    <ConfirmDialog
      title={t('service-accounts.delete-title', { count: accounts.length })}
      action={t('action.delete')}
      error={remove.error}
      pending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      {t('service-accounts.delete-text', { names: accounts.map(({ name }) => name).join(', ') })}
    </ConfirmDialog>
  );
}
