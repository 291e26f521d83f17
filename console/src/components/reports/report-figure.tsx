// One report as a chart with its legend, or as a table.
import { Skeleton, VisuallyHidden } from '@mantine/core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReportView } from '../../api/reports.ts';
import { formatDate, formatDateTime } from '../../format.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { fewSeries, isBytes, type Measure, type Series, seriesOf } from '../../reports/measures.ts';
import type { Form } from '../../reports/view.ts';
import { ReportTable } from './report-table.tsx';
import classes from './reports.module.css';

const Chart = lazy(async () => ({ default: (await import('./chart.tsx')).Chart }));

type Props = { report: ReportView; measure: Measure; form: Form };

export function ReportFigure({ report, measure, form }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const series = useMemo(() => fewSeries(seriesOf(report, measure), t('reports.others')), [report, measure, t]);
  const names = series.map((one) => nameOf(one));
  const say = isBytes(measure) ? format.bytes : (value: number) => format.count(Math.round(value));
  const isHourly = report.step === 'hour';
  const caption = `${t(`reports.measure.${measure}`)}, ${t(`reports.by.${report.by}`)}`;
  const isState = report.kind === 'usage' || report.kind === 'quota';
  const totals = t(isState ? 'reports.largest' : 'reports.sum');
  const table = (
    <ReportTable
      caption={caption}
      times={report.times}
      isHourly={isHourly}
      series={series}
      names={names}
      format={say}
      totals={totals}
    />
  );
  if (form === 'table') return table;
  return (
    <>
      <Drawn
        report={report}
        series={series}
        names={names}
        form={form}
        format={say}
        isBytes={isBytes(measure)}
        label={caption}
        totals={totals}
      />
      <VisuallyHidden>{table}</VisuallyHidden>
    </>
  );

  function nameOf({ column, label }: Series): string {
    if (column !== null) return t(`reports.column.${column}`);
    if (report.by === 'class' && (label === 'gold' || label === 'instant-archive')) return t(`class.${label}.name`);
    return label === 'others' ? t('reports.others') : label;
  }
}

type DrawnProps = {
  report: ReportView;
  series: readonly Series[];
  names: readonly string[];
  form: 'line' | 'column';
  format: (value: number) => string;
  isBytes: boolean;
  label: string;
  totals: string;
};

function Drawn({ report, series, names, form, format, isBytes: inBytes, label, totals }: DrawnProps) {
  const [slot, setSlot] = useState<number | null>(null);
  const time = slot === null ? undefined : report.times[slot];
  const when = time === undefined ? totals : report.step === 'hour' ? formatDateTime(time) : formatDate(new Date(time));
  return (
    <>
      <Suspense fallback={<Skeleton h={300} radius="md" />}>
        <Chart
          label={label}
          times={report.times}
          series={series}
          form={form}
          format={format}
          isBytes={inBytes}
          onPoint={setSlot}
        />
      </Suspense>
      <div className={`${classes['at']} num`}>{when}</div>
      <ul className={classes['legend']}>
        {series.map((one, place) => {
          const value = slot === null ? one.total : (one.values[slot] ?? null);
          return (
            <li key={one.id}>
              <span className={classes['swatch']} data-series={place} aria-hidden="true" />
              <span>{names[place]}</span>
              <b className="num">{value === null ? '—' : format(value)}</b>
            </li>
          );
        })}
      </ul>
    </>
  );
}
