import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import { useRenewProject } from '../../api/project-settings.ts';
import { Modal } from '../dialog.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { PeriodSelect } from './period-select.tsx';

export function RenewProject({ project, onClose }: { project: ProjectView; onClose: () => void }) {
  const { t } = useTranslation();
  const [months, setMonths] = useState<number | null>(1);
  const renew = useRenewProject(project.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    renew.mutate(months, {
      onSuccess: () => {
        notifications.show({ message: t('project-settings.renewed', { name: project.name }) });
        onClose();
      },
    });
  };
  return (
    <Modal opened onClose={onClose} title={t('project-settings.renew-title', { name: project.name })} size="md">
      <form onSubmit={submit}>
        <Stack>
          <Text c="dimmed" size="sm">
            {t('project-settings.renew-text')}
          </Text>
          <ProblemNotice error={renew.error} />
          <PeriodSelect value={months} onChange={setMonths} />
          <Group justify="flex-end" mt="sm">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" loading={renew.isPending}>
              {t('project-settings.renew')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
