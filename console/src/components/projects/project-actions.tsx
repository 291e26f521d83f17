import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import { Panel } from '../panel.tsx';

export function ProjectActions({ project, onDelete }: { project: ProjectView; onDelete: () => void }) {
  const { t } = useTranslation();
  if (project.trashedAt !== null || !project.allowedActions.includes('vstorage:DeleteProject')) return null;
  return (
    <Panel
      title={t('projects.delete')}
      text={t('project.delete-hint')}
      actions={
        <Button variant="default" c="var(--vs-red)" leftSection={<IconTrash size={16} />} onClick={onDelete}>
          {t('projects.delete')}
        </Button>
      }
    />
  );
}
