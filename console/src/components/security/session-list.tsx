import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpenSessionView } from '../../../../src/console-api/contract/sign-in.ts';
import { deviceOf } from '../../device.ts';
import { DateTime } from '../date-time.tsx';
import classes from './security.module.css';

type Props = { sessions: readonly OpenSessionView[]; action: (session: OpenSessionView) => ReactNode };

/** Where somebody is signed in: device, address, since when, last seen. */
export function SessionList({ sessions, action }: Props) {
  const { t } = useTranslation();
  return (
    <ul className={classes['list']} aria-label={t('security.sessions')}>
      {sessions.map((session) => (
        <li key={session.id} className={classes['row']}>
          <div className={classes['facts']}>
            <Text fw={600} title={session.userAgent}>
              {deviceOf(session.userAgent) ?? t('security.unknown-device')}
            </Text>
            <Text size="sm" c="dimmed">
              <span className="mono">{session.clientAddress}</span> · {t(`security.by.${session.method}`)} ·{' '}
              {t('security.since')} <DateTime iso={session.createdAt} /> · {t('security.last-seen')}{' '}
              <DateTime iso={session.lastSeenAt} />
            </Text>
          </div>
          {action(session)}
        </li>
      ))}
    </ul>
  );
}
