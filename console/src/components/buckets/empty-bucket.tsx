import { Checkbox, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BucketView } from '../../../../src/console-api/contract/buckets.ts';
import { useCreateTask } from '../../api/tasks.ts';
import { openActivity } from '../../objects/activity.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { Notice } from '../notice.tsx';

type Props = {
  projectId: string;
  bucket: BucketView;
  deleteBucket: boolean;
  onStarted?: () => void;
  onClose: () => void;
};

/** Everything in the bucket goes, versions and markers and open uploads too; then, if that was asked, the bucket. */
export function EmptyBucket({ projectId, bucket, deleteBucket, onStarted, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const create = useCreateTask(projectId);
  const [bypass, setBypass] = useState(false);
  const { name } = bucket;
  const confirm = () =>
    create.mutate(
      { kind: 'empty', bucket: name, deleteBucket, confirm: name, bypassGovernance: bypass },
      {
        onSuccess: () => {
          notifications.show({ message: t(deleteBucket ? 'bucket.deleting' : 'bucket.emptying', { name }) });
          openActivity(projectId);
          onClose();
          onStarted?.();
        },
      },
    );
  return (
    <ConfirmDialog
      title={t(deleteBucket ? 'bucket.delete-title' : 'bucket.empty-title', { name })}
      phrase={name}
      action={t(deleteBucket ? 'bucket.delete' : 'bucket.empty')}
      error={create.error}
      pending={create.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text>
          {t(deleteBucket ? 'bucket.delete-text' : 'bucket.empty-text', {
            objects: format.count(bucket.objects),
            size: format.bytes(bucket.bytes),
          })}
        </Text>
        {bucket.objectLock && (
          <>
            <Notice tone="warning">{t('bucket.locked-stay')}</Notice>
            <Checkbox
              label={t('objects.bypass')}
              checked={bypass}
              onChange={(event) => setBypass(event.currentTarget.checked)}
            />
          </>
        )}
      </Stack>
    </ConfirmDialog>
  );
}
