import { Skeleton, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountKeysQuery } from '../../api/account-keys.ts';
import { projectsQuery } from '../../api/projects.ts';
import { formatDateTime } from '../../format.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { AnchorLink } from '../links.tsx';
import { Panel } from '../panel.tsx';
import { type Concern, concernsOf } from './attention.ts';
import classes from './overview.module.css';

const MOST = 6;

export function NeedsAttention() {
  const { t } = useTranslation();
  const { data: projects } = useQuery(projectsQuery('active'));
  const { data: keys, isError } = useQuery(accountKeysQuery);
  const isKnown = projects !== undefined && (keys !== undefined || isError);
  const concerns = isKnown ? concernsOf(projects, keys?.items ?? [], Date.now()) : [];
  return (
    <Panel title={t('overview.attention')}>
      {!isKnown && <Skeleton h={60} radius="md" />}
      {isKnown && concerns.length === 0 && (
        <Text size="sm" c="dimmed" style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
          <IconCircleCheck size={18} color="var(--vs-accent)" aria-hidden="true" />
          {t('overview.attention-none')}
        </Text>
      )}
      {concerns.length > 0 && (
        <ul className={classes['list']}>
          {concerns.slice(0, MOST).map((concern) => (
            <One key={keyOf(concern)} concern={concern} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

const keyOf = (concern: Concern): string =>
  `${concern.kind} ${'project' in concern ? concern.project.id : concern.key.id}`;

function One({ concern }: { concern: Concern }) {
  const { t } = useTranslation();
  const said = useWords(concern);
  const isProject = 'project' in concern;
  const projectId = isProject ? concern.project.id : concern.key.projectId;
  return (
    <li>
      <IconAlertTriangle
        size={18}
        aria-hidden="true"
        className={classes['warn'] ?? ''}
        data-level={concern.kind === 'over' ? 'full' : undefined}
      />
      <span className={classes['grow']}>{said}</span>
      <AnchorLink
        to={isProject ? '/projects/$projectId/information' : '/projects/$projectId/access'}
        params={{ projectId }}
        size="sm"
        aria-label={`${t('overview.open')}: ${said}`}
      >
        {t('overview.open')}
      </AnchorLink>
    </li>
  );
}

function useWords(concern: Concern): string {
  const { t } = useTranslation();
  const format = useFormat();
  if ('project' in concern) {
    const { name, usage, quotaBytes, endsAt } = concern.project;
    const share = format.percent(usage?.bytes ?? 0, quotaBytes);
    return t(`overview.${concern.kind}`, { name, share, time: endsAt === null ? '' : formatDateTime(endsAt) });
  }
  const { accessKey, description, projectName, expiresAt } = concern.key;
  const key = description === '' ? `${accessKey.slice(0, 8)}…` : description;
  const time = expiresAt === null ? '' : formatDateTime(expiresAt);
  return t(`overview.${concern.kind}`, { key, project: projectName, time });
}
