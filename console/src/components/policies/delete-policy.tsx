import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { PolicyView } from '../../../../src/console-api/contract.ts';
import { useDeletePolicy } from '../../api/policies.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';

export function DeletePolicy({ policy, onClose }: { policy: PolicyView; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useDeletePolicy();
  const confirm = () =>
    remove.mutate(policy.name, {
      onSuccess: () => {
        notifications.show({ message: t('policies.deleted-notice', { name: policy.name }) });
        void navigate({ to: '/policies' });
      },
    });
  return (
    <ConfirmDialog
      title={t('policies.delete-title', { name: policy.name })}
      action={t('policies.delete')}
      error={remove.error}
      pending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      {t('policies.delete-text', { count: policy.attachedTo.length })}
    </ConfirmDialog>
  );
}
