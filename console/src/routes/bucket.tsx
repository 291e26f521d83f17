// A bucket: what it is, and its parts as tabs.
import { Badge, Breadcrumbs, Group, Tabs, Text, Title } from '@mantine/core';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { bucketQuery } from '../api/buckets.ts';
import { projectQuery } from '../api/projects.ts';
import { BucketBadges } from '../components/buckets/bucket-badges.tsx';
import { bucketTabs } from '../components/buckets/bucket-tabs.ts';
import { AnchorLink } from '../components/links.tsx';
import { TrashedNotice } from '../components/projects/trashed-notice.tsx';
import { useFormat } from '../hooks/use-format.ts';
import { usePageTitle } from '../hooks/use-page-title.ts';
import { useWatchedProject } from '../hooks/use-watched-project.ts';
import { watchActivity } from '../objects/activity.ts';
import tabs from '../components/projects/project-tabs.module.css';
import classes from './bucket.module.css';

export function BucketPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { projectId, bucket: name } = useParams({ from: '/shell/projects/$projectId/buckets/$bucket' });
  const { data: project } = useSuspenseQuery(projectQuery(projectId));
  // who may not list the bucket may still be able to upload into it
  const bucket = useQuery({ ...bucketQuery(projectId, name), enabled: project.trashedAt === null }).data;
  usePageTitle(name);
  useWatchedProject(projectId, watchActivity);
  const { pathname } = useLocation();
  const current = bucketTabs.find(({ value }) => pathname.endsWith(`/${value}`))?.value ?? 'objects';
  const open = (value: string | null) => {
    const tab = bucketTabs.find((one) => one.value === value)?.value ?? 'objects';
    const params = { projectId, bucket: name };
    if (tab === 'settings') {
      void navigate({ to: '/projects/$projectId/buckets/$bucket/settings', params, search: { section: 'versioning' } });
    } else void navigate({ to: '/projects/$projectId/buckets/$bucket/objects', params });
  };
  return (
    <>
      <header className={classes['header']}>
        <Breadcrumbs separatorMargin={6} fz="sm" className={classes['crumbs'] ?? ''}>
          <AnchorLink to="/projects" c="dimmed">
            {t('projects.title')}
          </AnchorLink>
          <AnchorLink to="/projects/$projectId/buckets" params={{ projectId }} c="dimmed">
            {project.name}
          </AnchorLink>
          <Text inherit c="dimmed" truncate>
            {name}
          </Text>
        </Breadcrumbs>
        <Group gap="6px 12px" wrap="wrap">
          <Title order={1} className={classes['title'] ?? ''}>
            {name}
          </Title>
          {bucket !== undefined && <BucketBadges bucket={bucket} />}
          {bucket?.external === true && <Badge color="gray">{t('external.badge')}</Badge>}
          {bucket !== undefined && (
            <Text size="sm" c="dimmed" className="num">
              {t('bucket.amount', { count: bucket.objects, objects: format.count(bucket.objects) })} ·{' '}
              {format.bytes(bucket.bytes)}
            </Text>
          )}
        </Group>
      </header>
      {project.trashedAt !== null && <TrashedNotice project={project} />}
      <Tabs value={current} onChange={open}>
        <Tabs.List className={tabs['list'] ?? ''} aria-label={t('bucket.tabs')}>
          {(bucket?.external === true ? bucketTabs.slice(0, 1) : bucketTabs).map(({ value, Icon }) => (
            <Tabs.Tab key={value} value={value} leftSection={<Icon size={17} />} className={tabs['tab'] ?? ''}>
              {t(`bucket.tab.${value}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={current} pt="md">
          <Outlet />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
