// One request that arrived: done, not done or refused, and then what to do.
import { Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ArrivalView } from '../../api/connection-test.ts';
import { clientOf } from '../../client-of.ts';
import { Copyable } from '../copyable.tsx';
import { DateTime } from '../date-time.tsx';
import { Facts } from '../facts.tsx';
import classes from './connection-test.module.css';
import { RefusalText } from './refusal-text.tsx';

const outcomeOf = ({ code, cause, status }: ArrivalView): 'ok' | 'not-done' | 'refused' => {
  if (cause !== null || status === 403) return 'refused';
  return code === null && status < 400 ? 'ok' : 'not-done';
};

export function Arrival({ arrival }: { arrival: ArrivalView }) {
  const { t } = useTranslation();
  const { code, status, requestId, operation, userAgent, address, time } = arrival;
  const outcome = outcomeOf(arrival);
  const Icon = outcome === 'ok' ? IconCircleCheck : IconAlertTriangle;
  return (
    <div className={classes['card']} data-outcome={outcome}>
      <Group wrap="nowrap" align="flex-start">
        <Icon size={22} aria-hidden="true" className={classes['mark'] ?? ''} />
        <div className={classes['words']}>
          <Text fw={600}>{t(`connection-test.${outcome}`)}</Text>
          {outcome === 'refused' ? (
            <RefusalText arrival={arrival} />
          ) : (
            <Text size="sm" c="dimmed">
              {t(`connection-test.${outcome}-text`, { code, status })}
            </Text>
          )}
        </div>
      </Group>
      <div className={classes['facts']}>
        <Facts
          facts={[
            { label: t('connection-test.operation'), value: operation },
            {
              label: t('connection-test.answer'),
              value: code === null ? `${status} ${t('connection-test.done')}` : `${status} ${code}`,
            },
            { label: t('connection-test.client'), value: <span title={userAgent}>{clientOf(userAgent)}</span> },
            { label: t('connection-test.address'), value: address },
            { label: t('connection-test.time'), value: <DateTime iso={time} /> },
            {
              label: t('connection-test.request'),
              value: <Copyable value={requestId} label={t('connection-test.copy-request')} small />,
            },
          ]}
        />
      </div>
    </div>
  );
}
