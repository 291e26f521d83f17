import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { recentRecordsQuery } from '../../api/audit.ts';
import { formatDateTime } from '../../format.ts';
import { Outcome } from '../audit/outcome.tsx';
import { whoOf } from '../audit/who-of.ts';
import { AnchorLink } from '../links.tsx';
import { Panel } from '../panel.tsx';
import classes from './overview.module.css';

/** The latest changes, as the audit trail has them. */
export function RecentActivity() {
  const { t } = useTranslation();
  const { data } = useQuery(recentRecordsQuery);
  const link = (
    <AnchorLink to="/audit" size="sm">
      {t('overview.audit')}
    </AnchorLink>
  );
  return (
    <Panel title={t('overview.activity')} actions={link}>
      {data === undefined && <Skeleton h={160} radius="md" />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('overview.activity-none')}
        </Text>
      )}
      <ul className={classes['list']}>
        {data?.items.map((record) => (
          <li key={`${record.chain} ${record.seq}`}>
            <span className={classes['grow']}>
              <Text component="span" display="block" size="sm" fw={550}>
                {record.operation}
              </Text>
              <Text component="span" size="xs" c="dimmed" className="num">
                {t('overview.done-by', { who: whoOf(record) ?? '—', time: formatDateTime(record.time) })}
              </Text>
            </span>
            <Outcome record={record} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
