import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import { useRegion } from '../../hooks/use-region.ts';
import { Copyable } from '../copyable.tsx';
import { DateTime } from '../date-time.tsx';
import { Facts } from '../facts.tsx';
import { Panel } from '../panel.tsx';

export function ProjectFacts({ project, onRenew }: { project: ProjectView; onRenew: () => void }) {
  const { t } = useTranslation();
  const { regions } = useRegion();
  const endpoint = regions.find((region) => region.name === project.region)?.endpoint;
  return (
    <Panel title={t('project.details')}>
      <Facts
        facts={[
          { label: t('region.label'), value: project.region },
          ...(endpoint === undefined
            ? []
            : [
                {
                  label: t('project.endpoint'),
                  value: <Copyable value={endpoint} label={t('region.copy-endpoint')} small />,
                },
              ]),
          { label: t('projects.class'), value: t(`class.${project.class}.name`) },
          {
            label: t('project.user-id'),
            value: <Copyable value={project.vstorageUserId} label={t('project.copy-user-id')} small />,
          },
          { label: t('projects.created'), value: <DateTime iso={project.createdAt} /> },
          { label: t('project-settings.ends'), value: <Ends project={project} onRenew={onRenew} /> },
        ]}
      />
    </Panel>
  );
}

function Ends({ project, onRenew }: { project: ProjectView; onRenew: () => void }) {
  const { t } = useTranslation();
  const { endsAt, trashedAt, allowedActions } = project;
  if (endsAt === null) return t('project-settings.no-end');
  const mayRenew = trashedAt === null && allowedActions.includes('vstorage:ResizeProject');
  return (
    <Group gap="sm">
      <DateTime iso={endsAt} />
      {mayRenew && (
        <Button size="compact-xs" variant="default" onClick={onRenew}>
          {t('project-settings.renew')}
        </Button>
      )}
    </Group>
  );
}
