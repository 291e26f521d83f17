// Events that the targets did not take.
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { failedEventsQuery, type Place } from '../../api/bucket-settings.ts';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import classes from './settings.module.css';

export function FailedEvents({ place }: { place: Place }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(failedEventsQuery(place));
  return (
    <Panel title={t('bucket-settings.notification.failed')}>
      <Stack gap="xs">
        <ProblemNotice error={error} />
        {data?.items.length === 0 && <Text c="dimmed">{t('bucket-settings.notification.none-failed')}</Text>}
        {data?.items.map(({ id, arn, at, attempts, error: reason, gaveUp, eventName, key }) => (
          <div key={id} className={classes['card']}>
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {eventName} {key}
            </Text>
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {arn} · {at}
            </Text>
            <Text size="sm">
              {t(gaveUp ? 'bucket-settings.notification.gave-up' : 'bucket-settings.notification.retried', {
                count: attempts,
              })}{' '}
              {reason}
            </Text>
          </div>
        ))}
      </Stack>
    </Panel>
  );
}
