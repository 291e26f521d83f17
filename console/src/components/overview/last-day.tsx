// Requests, traffic and errors of the last 24 hours, and how many requests each hour had.
import { Skeleton, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reportQuery, type ReportView } from '../../api/reports.ts';
import { formatDateTime } from '../../format.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { askedFor, spanOf } from '../../reports/range.ts';
import { AnchorLink } from '../links.tsx';
import { Panel } from '../panel.tsx';
import classes from './overview.module.css';

export function LastDay() {
  const { t } = useTranslation();
  const [now] = useState(() => new Date());
  const asked = askedFor(spanOf('24h', now), 'all');
  const requests = useQuery(reportQuery('requests', asked));
  const traffic = useQuery(reportQuery('traffic', asked));
  const link = (
    <AnchorLink to="/reports" search={{ kind: 'requests', range: '24h' }} size="sm">
      {t('overview.reports')}
    </AnchorLink>
  );
  return (
    <Panel title={t('overview.last-day')} actions={link}>
      {requests.data === undefined || traffic.data === undefined ? (
        <Skeleton h={216} radius="md" />
      ) : (
        <>
          <Figures requests={requests.data} traffic={traffic.data} />
          <Hours report={requests.data} />
        </>
      )}
    </Panel>
  );
}

function Figures({ requests, traffic }: { requests: ReportView; traffic: ReportView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const total = (column: string): number => requests.sum.total[column] ?? 0;
  const errors = total('4xx') + total('5xx');
  const all = total('2xx') + total('3xx') + errors;
  const bytesIn = traffic.sum.total['bytesIn'] ?? 0;
  const bytesOut = traffic.sum.total['bytesOut'] ?? 0;
  const kinds = `${t('reports.column.read')} ${format.count(total('read'))} · ${t('reports.column.write')} ${format.count(total('write'))}`;
  return (
    <div className={classes['figures']}>
      <Figure
        label={t('overview.requests')}
        value={format.count(all)}
        note={all === 0 ? t('overview.no-requests') : kinds}
      />
      <Figure
        label={t('overview.traffic')}
        value={format.bytes(bytesIn + bytesOut)}
        note={t('overview.in-out', { in: format.bytes(bytesIn), out: format.bytes(bytesOut) })}
      />
      <Figure
        label={t('overview.errors')}
        value={format.count(errors)}
        note={t('overview.of-requests', { share: format.percent(errors, all) })}
      />
    </div>
  );
}

function Figure({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <div>
      <div className={classes['label']}>{label}</div>
      <div className={`${classes['figure']} num`}>{value}</div>
      <div className={`${classes['note']} num`}>{note}</div>
    </div>
  );
}

const HEIGHT = 120;
const WIDTH = 10;
const GAP = 2;

/** Small enough to need no chart library. */
function Hours({ report }: { report: ReportView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const at = (column: string, slot: number): number => report.sum.values[column]?.[slot] ?? 0;
  const hours = report.times.map((time, slot) => {
    const failed = at('4xx', slot) + at('5xx', slot);
    return { time, failed, all: at('2xx', slot) + at('3xx', slot) + failed };
  });
  const most = Math.max(1, ...hours.map(({ all }) => all));
  const high = (count: number): number => (count === 0 ? 0 : Math.max(2, (count / most) * (HEIGHT - 4)));
  return (
    <>
      <svg
        className={classes['bars']}
        viewBox={`0 0 ${hours.length * WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <line x1={0} x2={hours.length * WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
        {hours.map(({ time, all, failed }, slot) => (
          <g key={time}>
            <rect x={slot * WIDTH + GAP / 2} width={WIDTH - GAP} y={HEIGHT - high(all)} height={high(all)} />
            <rect
              data-bad
              x={slot * WIDTH + GAP / 2}
              width={WIDTH - GAP}
              y={HEIGHT - high(failed)}
              height={high(failed)}
            />
          </g>
        ))}
      </svg>
      <div className={`${classes['ends']} num`} aria-hidden="true">
        <span>{formatDateTime(report.from)}</span>
        <span>{formatDateTime(report.to)}</span>
      </div>
      <VisuallyHidden>
        <table>
          <caption>{t('overview.chart')}</caption>
          <tbody>
            {hours
              .filter(({ all }) => all > 0)
              .map(({ time, all }) => (
                <tr key={time}>
                  <th scope="row">{formatDateTime(time)}</th>
                  <td>{format.count(all)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </>
  );
}
