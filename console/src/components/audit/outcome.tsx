import { useTranslation } from 'react-i18next';
import type { AuditRecordView } from '../../api/audit.ts';
import classes from './audit.module.css';

/** A word, and the error's code where there is one: the colour only helps. */
export function Outcome({ record }: { record: AuditRecordView }) {
  const { t } = useTranslation();
  const { outcome, code } = record;
  return (
    <span className={classes['outcome']} data-outcome={outcome}>
      {t(`audit.outcomes.${outcome}`)}
      {code !== null && <span className="mono"> {code}</span>}
    </span>
  );
}
