import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import { useResizeProject } from '../../api/projects.ts';
import { GIB } from '../../format.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { QuotaInput } from './quota-input.tsx';
import { Modal } from '../dialog.tsx';

export function ResizeProject({ project, onClose }: { project: ProjectView; onClose: () => void }) {
  const { t } = useTranslation();
  const [quotaGb, setQuotaGb] = useState(Math.max(1, Math.round(project.quotaBytes / GIB)));
  const resize = useResizeProject();
  const usedBytes = project.usage?.bytes ?? 0;
  const tooSmall = quotaGb * GIB < usedBytes;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    resize.mutate(
      { id: project.id, quotaBytes: quotaGb * GIB },
      {
        onSuccess: () => {
          notifications.show({ message: t('projects.resized-notice', { name: project.name }) });
          onClose();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={t('projects.resize-title', { name: project.name })} size="md">
      <form onSubmit={submit}>
        <Stack>
          <Text c="dimmed" size="sm">
            {t('projects.resize-text')}
          </Text>
          <ProblemNotice error={resize.error} />
          <QuotaInput
            quotaGb={quotaGb}
            onChange={setQuotaGb}
            minBytes={usedBytes}
            error={tooSmall ? t('projects.below-usage') : null}
          />
          <Group justify="flex-end" mt="sm">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={quotaGb < 1} loading={resize.isPending}>
              {t('projects.resize')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
