import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditRecordView } from '../../api/audit.ts';
import { DateTime } from '../date-time.tsx';
import { Outcome } from './outcome.tsx';
import { whoOf } from './who-of.ts';
import classes from './audit.module.css';

type Props = { records: readonly AuditRecordView[]; onOpen: (record: AuditRecordView) => void };

/** A line a record; all of it opens the details. */
export function RecordList({ records, onOpen }: Props) {
  const { t } = useTranslation();
  return (
    <ul className={classes['records']} aria-label={t('audit.title')}>
      {records.map((record) => (
        <li key={`${record.chain} ${record.seq}`}>
          <UnstyledButton className={classes['record'] ?? ''} onClick={() => onOpen(record)}>
            <span className={classes['time']}>
              <DateTime iso={record.time} />
            </span>
            <span className={classes['what']}>
              <span className={classes['operation']}>{record.operation}</span>
              <Outcome record={record} />
            </span>
            <span className={classes['who']}>{whoOf(record) ?? t(`audit.actors.${record.who.type}`)}</span>
            <span className={`mono ${classes['resource']}`}>{record.resource ?? ''}</span>
            <span className={`mono ${classes['from']}`}>{record.address}</span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
