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

/** `arn:aws:s3:::photos`: `photos`; `vstorage::123456789012:user/…`: `user/…` */
const nameOf = (resource: string): string => resource.replace(/^(?:arn:[^:]*:[^:]*:[^:]*:[^:]*:|vstorage::\d*:)/, '');

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
              <span className={classes['done']}>
                {record.operation}
                {record.resource !== null && (
                  <span className={`mono ${classes['resource']}`}>{nameOf(record.resource)}</span>
                )}
              </span>
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
