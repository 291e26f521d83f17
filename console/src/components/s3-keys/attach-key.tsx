// Whose rights a key has: its creator's, or those of the service account it is attached to.
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { S3KeyView } from '../../../../src/console-api/contract.ts';
import { useAttachS3Key } from '../../api/s3-keys.ts';
import { serviceAccountsQuery } from '../../api/service-accounts.ts';
import { Modal } from '../dialog.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

type Props = { projectId: string; s3Key: S3KeyView; onClose: () => void };

export function AttachKey({ projectId, s3Key, onClose }: Props) {
  const { t } = useTranslation();
  const before = s3Key.serviceAccount?.id ?? null;
  const [chosen, choose] = useState(before);
  const accounts = useQuery(serviceAccountsQuery);
  const attach = useAttachS3Key(projectId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const done = () => {
      notifications.show({ message: t(chosen === null ? 'attach-key.detached' : 'attach-key.attached') });
      onClose();
    };
    attach.mutate({ id: s3Key.id, serviceAccountId: chosen }, { onSuccess: done });
  };
  return (
    <Modal opened onClose={onClose} title={t('attach-key.title')}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed" className="mono">
            {s3Key.accessKey}
          </Text>
          <Text size="sm">{t('attach-key.text', { creator: s3Key.creator.name })}</Text>
          <ProblemNotice error={accounts.error ?? attach.error} />
          <Select
            label={t('simulator.kind.service-account')}
            placeholder={t('attach-key.none')}
            searchable
            clearable
            nothingFoundMessage={t('table.nothing-found')}
            data={(accounts.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={chosen}
            onChange={choose}
          />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={chosen === before} loading={attach.isPending}>
              {t('action.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
