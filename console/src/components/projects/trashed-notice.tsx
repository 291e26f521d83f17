import { Box, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import { useRestoreProject } from '../../api/projects.ts';
import { formatDateTime } from '../../format.ts';
import { useProblem } from '../../hooks/use-problem.ts';
import { Notice } from '../notice.tsx';

export function TrashedNotice({ project }: { project: ProjectView }) {
  const { t } = useTranslation();
  const problem = useProblem();
  const restore = useRestoreProject();
  return (
    <Box mb="lg">
      <Notice tone="warning" title={t('project.in-trash')}>
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
      </Notice>
    </Box>
  );
}
