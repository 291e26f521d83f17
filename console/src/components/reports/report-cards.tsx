import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ReportKind } from '../../../../src/console-api/contract/reports.ts';
import { reportQuery, type ReportView } from '../../api/reports.ts';
import { useFormat } from '../../hooks/use-format.ts';
import type { Asked } from '../../reports/range.ts';
import { kinds } from '../../reports/view.ts';
import classes from './reports.module.css';

type Props = { asked: Asked; kind: ReportKind; onChoose: (kind: ReportKind) => void };

/** The four figures of the time asked for; each leads to its chart. */
export function ReportCards({ asked, kind, onChoose }: Props) {
  return (
    <div className={classes['cards']}>
      {kinds.map((one) => (
        <Card key={one} asked={asked} kind={one} chosen={one === kind} onChoose={() => onChoose(one)} />
      ))}
    </div>
  );
}

type CardProps = { asked: Asked; kind: ReportKind; chosen: boolean; onChoose: () => void };

function Card({ asked, kind, chosen, onChoose }: CardProps) {
  const { t } = useTranslation();
  const { data } = useQuery(reportQuery(kind, { ...asked, by: 'all' }));
  const figures = useFigures(kind, data);
  return (
    <button type="button" className={classes['card']} aria-pressed={chosen} onClick={onChoose}>
      <div className={classes['label']}>{t(`reports.card.${kind}`)}</div>
      {figures === null ? (
        <Skeleton h={24} mt={6} w="60%" />
      ) : (
        <>
          <div className={`${classes['figure']} num`}>{figures.main}</div>
          <div className={`${classes['note']} num`}>{figures.note}</div>
        </>
      )}
    </button>
  );
}

function useFigures(kind: ReportKind, report: ReportView | undefined): { main: string; note: string } | null {
  const { t } = useTranslation();
  const format = useFormat();
  if (report === undefined) return null;
  const total = (column: string): number => report.sum.total[column] ?? 0;
  const bytes = (column: string): string => format.bytes(total(column));
  if (kind === 'usage') {
    return { main: bytes('bytes'), note: t('reports.note.usage', { objects: format.count(total('objects')) }) };
  }
  if (kind === 'quota') {
    return { main: bytes('quotaBytes'), note: t('reports.note.quota', { used: bytes('usedBytes') }) };
  }
  if (kind === 'traffic') {
    const note = t('reports.note.traffic', { in: bytes('bytesIn'), out: bytes('bytesOut') });
    return { main: format.bytes(total('bytesIn') + total('bytesOut')), note };
  }
  const errors = total('4xx') + total('5xx');
  const all = total('2xx') + total('3xx') + errors;
  return { main: format.count(all), note: t('reports.note.requests', { errors: format.count(errors) }) };
}
