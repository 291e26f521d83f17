import { Button, Group, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProjectClass } from '../../../../src/console-api/contract.ts';
import { useCreateProject } from '../../api/projects.ts';
import { GIB } from '../../format.ts';
import { useRegion } from '../../hooks/use-region.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { ClassChoice } from './class-choice.tsx';
import { PeriodSelect } from './period-select.tsx';
import { QuotaInput } from './quota-input.tsx';
import { Drawer } from '../dialog.tsx';

export function CreateProject({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer opened onClose={onClose} title={t('projects.create')}>
      <Form onClose={onClose} />
    </Drawer>
  );
}

const NAME = /^[A-Za-z0-9._@ -]{1,40}$/;

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { region } = useRegion();
  const [name, setName] = useState('');
  const [storageClass, setClass] = useState<ProjectClass>('gold');
  const [quotaGb, setQuotaGb] = useState(30);
  const [periodMonths, setPeriodMonths] = useState<number | null>(null);
  const create = useCreateProject();
  const nameProblem = name !== '' && !NAME.test(name) ? t('projects.name-rule') : null;
  const ready = NAME.test(name.trim()) && quotaGb >= 1;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { name: name.trim(), region: region.name, class: storageClass, quotaBytes: quotaGb * GIB, periodMonths },
      {
        onSuccess: (project) => {
          notifications.show({ message: t('projects.created-notice', { name: project.name }) });
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <ProblemNotice error={create.error} />
        <TextInput label={t('region.label')} value={region.name} readOnly variant="filled" />
        <TextInput
          label={t('projects.name')}
          description={t('projects.name-rule')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          maxLength={40}
          data-autofocus
          required
          withAsterisk={false}
          value={name}
          error={nameProblem}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ClassChoice value={storageClass} onChange={setClass} />
        <QuotaInput quotaGb={quotaGb} onChange={setQuotaGb} />
        <PeriodSelect value={periodMonths} onChange={setPeriodMonths} />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={create.isPending}>
            {t('projects.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
