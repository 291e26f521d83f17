import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import type { BucketView } from '../../../../src/console-api/contract/buckets.ts';
import { useDeleteBucket } from '../../api/buckets.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { EmptyBucket } from './empty-bucket.tsx';

type Props = { projectId: string; bucket: BucketView; onDeleted?: () => void; onClose: () => void };

/** An empty bucket goes at once; what is in one that is not goes first, in the background. */
export function DeleteBucket(props: Props) {
  const { bucket, onDeleted } = props;
  const isEmpty = bucket.objects === 0 && bucket.bytes === 0;
  if (isEmpty) return <DeleteEmpty {...props} />;
  return <EmptyBucket {...props} deleteBucket {...(onDeleted === undefined ? {} : { onStarted: onDeleted })} />;
}

function DeleteEmpty({ projectId, bucket, onDeleted, onClose }: Props) {
  const { t } = useTranslation();
  const remove = useDeleteBucket(projectId);
  const { name } = bucket;
  const confirm = () =>
    remove.mutate(name, {
      onSuccess: () => {
        notifications.show({ message: t('bucket.deleted', { name }) });
        onClose();
        onDeleted?.();
      },
    });
  return (
    <ConfirmDialog
      title={t('bucket.delete-title', { name })}
      action={t('bucket.delete')}
      error={remove.error}
      pending={remove.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      {t('bucket.delete-empty-text')}
    </ConfirmDialog>
  );
}
