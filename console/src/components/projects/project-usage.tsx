import { Button, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { Panel } from '../panel.tsx';
import { UsageBar } from '../usage-bar.tsx';

export function ProjectUsage({ project, onResize }: { project: ProjectView; onResize: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const usedBytes = project.usage?.bytes ?? 0;
  const mayResize = project.allowedActions.includes('vstorage:ResizeProject') && project.trashedAt === null;
  const resize = mayResize && (
    <Button size="xs" variant="default" onClick={onResize}>
      {t('projects.resize')}
    </Button>
  );
  return (
    <Panel title={t('projects.usage')} actions={resize}>
      <Text fz={32} fw={620} lh={1.2} mb="md" className="num" style={{ letterSpacing: '-0.02em' }}>
        {format.bytes(usedBytes)}
      </Text>
      <UsageBar
        usedBytes={usedBytes}
        quotaBytes={project.quotaBytes}
        label={t('usage.of-project', { name: project.name })}
        thick
      />
      <SimpleGrid cols={3} mt="lg">
        <Figure label={t('project.objects')} value={format.count(project.usage?.objects ?? 0)} />
        <Figure label={t('projects.quota')} value={format.bytes(project.quotaBytes)} />
        <Figure label={t('project.free')} value={format.bytes(Math.max(0, project.quotaBytes - usedBytes))} />
      </SimpleGrid>
    </Panel>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fw={600} className="num">
        {value}
      </Text>
    </div>
  );
}
