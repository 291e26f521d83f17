import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountKeysQuery } from '../api/account-keys.ts';
import { backgroundQuery } from '../api/background.ts';
import { projectsQuery } from '../api/projects.ts';
import { useMay } from '../api/session.ts';
import { BackgroundList } from '../components/background/background-list.tsx';
import { FirstSteps } from '../components/overview/first-steps.tsx';
import { LastDay } from '../components/overview/last-day.tsx';
import { NeedsAttention } from '../components/overview/needs-attention.tsx';
import classes from '../components/overview/overview.module.css';
import { ProjectUsageList } from '../components/overview/project-usage-list.tsx';
import { RecentActivity } from '../components/overview/recent-activity.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Panel } from '../components/panel.tsx';

export function OverviewPage() {
  const { t } = useTranslation();
  const mayReadAudit = useMay('vstorage:ListAuditRecords');
  return (
    <>
      <PageHeader title={t('overview.title')} description={t('overview.description')} />
      <div className={classes['grid']}>
        <Start />
        <div className={classes['wide']}>
          <LastDay />
        </div>
        <div className={classes['narrow']}>
          <NeedsAttention />
        </div>
        <div className={classes['wide']}>
          <ProjectUsageList />
        </div>
        <div className={classes['narrow']}>
          <Background />
        </div>
        {mayReadAudit && (
          <div className={classes['whole']}>
            <RecentActivity />
          </div>
        )}
      </div>
    </>
  );
}

/** Until the first key has been used. */
function Start() {
  const { data: projects } = useQuery(projectsQuery('active'));
  const { data: keys } = useQuery(accountKeysQuery);
  if (projects === undefined || keys === undefined) return null;
  if (keys.items.some(({ lastUsed }) => lastUsed !== null)) return null;
  const [key] = keys.items;
  return (
    <div className={classes['whole']}>
      <FirstSteps projectId={key?.projectId ?? projects[0]?.id ?? null} hasKey={key !== undefined} />
    </div>
  );
}

function Background() {
  const { t } = useTranslation();
  const { data: work } = useQuery(backgroundQuery);
  return (
    <Panel title={t('overview.tasks')}>
      {work !== undefined && (
        <div className={classes['flush']}>
          <BackgroundList work={work} onClose={() => {}} />
        </div>
      )}
    </Panel>
  );
}
