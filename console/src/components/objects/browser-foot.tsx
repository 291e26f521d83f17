import { Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../hooks/use-format.ts';
import type { Sorting } from '../../hooks/use-table-view.ts';
import { type ListingState, MAX_ROWS } from '../../objects/listing.ts';
import { MAX_SORTED } from '../../objects/rows.ts';
import classes from './browser.module.css';

/** How much of the folder is there; never says that it is all there is when it is not. */
export function BrowserFoot({ state, sorting }: { state: ListingState; sorting: Sorting | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { rows, complete, loading } = state;
  const number = format.count(rows.length);
  const full = rows.length >= MAX_ROWS;
  return (
    <div className={classes['foot']}>
      <span role="status" className="num">
        {complete
          ? t('objects.items', { count: rows.length, number })
          : full
            ? t('objects.too-many', { number })
            : t('objects.items-so-far', { number })}
      </span>
      {!complete && sorting !== null && rows.length <= MAX_SORTED && (
        <span>{t('objects.sorted-so-far', { number })}</span>
      )}
      {loading && <Loader size={14} aria-label={t('objects.loading')} />}
    </div>
  );
}
