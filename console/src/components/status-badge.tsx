import { useTranslation } from 'react-i18next';
import classes from './status-badge.module.css';

export type Status = 'active' | 'disabled' | 'expired' | 'trashed';

/** A dot and a word: the word carries the meaning, the colour only helps. */
export function StatusBadge({ status }: { status: Status }) {
  const { t } = useTranslation();
  return (
    <span className={classes['badge']} data-status={status}>
      {t(`status.${status}`)}
    </span>
  );
}
