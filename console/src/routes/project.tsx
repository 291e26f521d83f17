import { Tabs, Text } from '@mantine/core';
import { IconBell, IconBucket, IconHistory, IconInfoCircle, IconKey, IconPlugConnected } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { projectQuery } from '../api/projects.ts';
import { Copyable } from '../components/copyable.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { AlertNotice } from '../components/projects/alert-notice.tsx';
import { ClassBadge } from '../components/projects/class-badge.tsx';
import { TrashedNotice } from '../components/projects/trashed-notice.tsx';
import classes from '../components/projects/project-tabs.module.css';

const tabs = [
  { value: 'information', Icon: IconInfoCircle },
  { value: 'buckets', Icon: IconBucket },
  { value: 'access', Icon: IconKey },
  { value: 'connection', Icon: IconPlugConnected },
  { value: 'limits', Icon: IconBell },
  { value: 'history', Icon: IconHistory },
] as const;
type TabName = (typeof tabs)[number]['value'];

export function ProjectPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { projectId } = useParams({ from: '/shell/projects/$projectId' });
  const { data: project } = useSuspenseQuery(projectQuery(projectId));
  const { pathname } = useLocation();
  const current = tabs.find((tab) => pathname.endsWith(`/${tab.value}`))?.value ?? 'information';
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone the tabs are wider than the screen.
    const active = list.current?.querySelector(`[data-tab="${current}"]`);
    active?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [current]);
  const open = (tab: TabName) => void navigate({ to: `/projects/$projectId/${tab}`, params: { projectId } });
  return (
    <>
      <PageHeader
        title={project.name}
        parent={{ label: t('projects.title'), to: '/projects' }}
        badge={<ClassBadge value={project.class} />}
        description={
          <Text component="span" size="sm" c="dimmed" className={classes['id'] ?? ''}>
            {project.region} · <Copyable value={project.id} label={t('projects.copy-id')} small />
          </Text>
        }
      />
      {project.trashedAt !== null && <TrashedNotice project={project} />}
      {project.alertSince !== null && <AlertNotice project={project} />}
      <Tabs value={current} onChange={(value) => open(tabs.find((tab) => tab.value === value)?.value ?? 'information')}>
        <Tabs.List ref={list} className={classes['list'] ?? ''} aria-label={t('project.tabs')}>
          {tabs.map(({ value, Icon }) => (
            <Tabs.Tab
              key={value}
              value={value}
              data-tab={value}
              leftSection={<Icon size={17} />}
              className={classes['tab'] ?? ''}
            >
              {t(`project.${value}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={current} pt="lg">
          <Outlet />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
