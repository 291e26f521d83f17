import { Alert, Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import { useRestoreProject } from '../../api/projects.ts';
import { formatDateTime } from '../../format.ts';
import { useProblem } from '../../hooks/use-problem.ts';

export function TrashedNotice({ project }: { project: ProjectView }) {
  const { t } = useTranslation();
  const problem = useProblem();
  const restore = useRestoreProject();
  return (
    <Alert color="yellow" mb="lg" icon={<IconTrash size={18} />} title={t('project.in-trash')}>
      {t('project.in-trash-text', { time: project.purgeAt === null ? '' : formatDateTime(project.purgeAt) })}
      {project.allowedActions.includes('vstorage:RestoreProject') && (
        <div>
          <Button
            mt="sm"
            size="xs"
            variant="default"
            loading={restore.isPending}
            onClick={() => restore.mutate(project.id, { onError: problem.notify })}
          >
            {t('trash.restore')}
          </Button>
        </div>
      )}
    </Alert>
  );
}
