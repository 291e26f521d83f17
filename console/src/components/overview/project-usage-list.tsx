import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { projectsQuery } from '../../api/projects.ts';
import { AnchorLink } from '../links.tsx';
import { Panel } from '../panel.tsx';
import { UsageBar } from '../usage-bar.tsx';
import classes from './overview.module.css';

const MOST = 6;

/** The fullest first. */
export function ProjectUsageList() {
  const { t } = useTranslation();
  const { data: projects } = useQuery(projectsQuery('active'));
  const share = ({ usage, quotaBytes }: { usage: { bytes: number } | null; quotaBytes: number }): number =>
    (usage?.bytes ?? 0) / quotaBytes;
  const shown = projects
    ?.filter(({ usage }) => usage !== null)
    .sort((a, b) => share(b) - share(a))
    .slice(0, MOST);
  const link = (
    <AnchorLink to="/projects" size="sm">
      {t('overview.projects')}
    </AnchorLink>
  );
  return (
    <Panel title={t('overview.usage')} actions={link}>
      {shown === undefined ? (
        <Skeleton h={120} radius="md" />
      ) : (
        <ul className={classes['list']}>
          {shown.map(({ id, name, usage, quotaBytes }) => (
            <li key={id}>
              <div className={classes['project']}>
                <AnchorLink
                  to="/projects/$projectId/information"
                  params={{ projectId: id }}
                  fw={600}
                  c="var(--vs-ink)"
                  truncate
                >
                  {name}
                </AnchorLink>
                <UsageBar
                  usedBytes={usage?.bytes ?? 0}
                  quotaBytes={quotaBytes}
                  label={t('usage.of-project', { name })}
                />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
