import { useTranslation } from 'react-i18next';
import type { ProjectClass } from '../../../../src/console-api/contract.ts';
import classes from './class-badge.module.css';

export function ClassBadge({ value }: { value: ProjectClass }) {
  const { t } = useTranslation();
  return (
    <span className={classes['badge']} data-class={value}>
      {t(`class.${value}.name`)}
    </span>
  );
}
