import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { projectsQuery } from '../../api/projects.ts';
import { UsageBar } from '../usage-bar.tsx';
import classes from './usage-card.module.css';

/** Everything stored in all projects that the identity may see, against all their quotas. */
export function UsageCard() {
  const { t } = useTranslation();
  const { data: projects, isError } = useQuery(projectsQuery('active'));
  if (isError) return null;
  if (projects === undefined) return <Skeleton h={84} radius="md" />;
  const known = projects.filter((project) => project.usage !== null);
  if (known.length === 0) return null;
  const usedBytes = known.reduce((sum, project) => sum + (project.usage?.bytes ?? 0), 0);
  const quotaBytes = known.reduce((sum, project) => sum + project.quotaBytes, 0);
  return (
    <section className={classes['card']} aria-label={t('usage.all')}>
      <Text size="sm" fw={600} mb={8}>
        {t('usage.all')}
      </Text>
      <UsageBar usedBytes={usedBytes} quotaBytes={quotaBytes} label={t('usage.all')} />
      <Text size="xs" c="dimmed" mt={2}>
        {t('usage.projects', { count: known.length })}
      </Text>
    </section>
  );
}
