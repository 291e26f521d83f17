import { VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatDate, formatDateTime } from '../../format.ts';
import type { Series } from '../../reports/measures.ts';
import classes from './reports.module.css';

type Props = {
  caption: string;
  times: readonly string[];
  isHourly: boolean;
  series: readonly Series[];
  names: readonly string[];
  format: (value: number) => string;
  /** the last line: sums, or the largest */
  totals: string;
};

/** Newest first. */
export function ReportTable({ caption, times, isHourly, series, names, format, totals }: Props) {
  const { t } = useTranslation();
  const timeOf = (iso: string): string => (isHourly ? formatDateTime(iso) : formatDate(new Date(iso)));
  const rows = times.map((time, slot) => ({ time, slot })).toReversed();
  return (
    <div className={classes['scroll']} tabIndex={0} role="region" aria-label={caption}>
      <table className={classes['table']}>
        <caption>
          <VisuallyHidden>{caption}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('reports.time')}</th>
            {names.map((name, place) => (
              <th scope="col" key={series[place]?.id ?? name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ time, slot }) => (
            <tr key={time}>
              <th scope="row" className="num">
                {timeOf(time)}
              </th>
              {series.map(({ id, values }) => {
                const value = values[slot] ?? null;
                return (
                  <td key={id} className="num">
                    {value === null ? '—' : format(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{totals}</th>
            {series.map(({ id, total }) => (
              <td key={id} className="num">
                {format(total)}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
