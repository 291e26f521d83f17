import { Button, Group, SegmentedControl, Skeleton } from '@mantine/core';
import { IconChartAreaLine, IconChartBar, IconDownload, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reportCsvPath, reportQuery } from '../api/reports.ts';
import { PageHeader } from '../components/page-header.tsx';
import { Panel } from '../components/panel.tsx';
import { ProblemNotice } from '../components/problem-notice.tsx';
import { ReportCards } from '../components/reports/report-cards.tsx';
import { ReportControls } from '../components/reports/report-controls.tsx';
import { ReportFigure } from '../components/reports/report-figure.tsx';
import { measuresOf } from '../reports/measures.ts';
import { askedFor, spanOf } from '../reports/range.ts';
import { type Form, forms, type ReportSearch, shownOf } from '../reports/view.ts';

export function ReportsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/shell/reports' });
  const navigate = useNavigate({ from: '/reports' });
  // as of when the page was opened, or its time chosen
  const [now, setNow] = useState(() => new Date());
  const { kind, measure, by, form, range } = shownOf(search);
  const { region, project: projectId } = search;
  const asked = askedFor(spanOf(range, now), by, { region, projectId });
  const report = useQuery(reportQuery(kind, asked));
  const change = (next: ReportSearch) => {
    setNow(new Date());
    void navigate({ search: (known) => withoutEmpty({ ...known, ...next }), replace: true });
  };
  return (
    <>
      <PageHeader
        title={t('reports.title')}
        description={t('reports.description')}
        actions={
          <Button
            component="a"
            href={reportCsvPath(kind, asked)}
            download
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            {t('reports.csv')}
          </Button>
        }
      />
      <ReportControls search={search} now={now} onChange={change} />
      <ReportCards
        asked={asked}
        kind={kind}
        onChoose={(next) => change({ kind: next, measure: measuresOf[next][0] })}
      />
      <Panel title={t(`reports.kind.${kind}`)} actions={<Choices search={search} onChange={change} />}>
        <ProblemNotice error={report.error} />
        {report.data === undefined || report.data.kind !== kind ? (
          report.error === null && <Skeleton h={340} radius="md" />
        ) : (
          <ReportFigure report={report.data} measure={measure} form={form} />
        )}
      </Panel>
    </>
  );
}

const withoutEmpty = (search: ReportSearch): ReportSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== ''));

const icons: Record<Form, ReactNode> = {
  line: <IconChartAreaLine size={16} aria-hidden="true" />,
  column: <IconChartBar size={16} aria-hidden="true" />,
  table: <IconTable size={16} aria-hidden="true" />,
};

function Choices({ search, onChange }: { search: ReportSearch; onChange: (change: ReportSearch) => void }) {
  const { t } = useTranslation();
  const { kind, measure, form } = shownOf(search);
  const measures = measuresOf[kind];
  return (
    <Group gap="xs">
      {measures.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label={t('reports.measure-label')}
          value={measure}
          onChange={(next) => {
            const chosen = measures.find((one) => one === next);
            if (chosen !== undefined) onChange({ measure: chosen });
          }}
          data={measures.map((one) => ({ value: one, label: t(`reports.measure.${one}`) }))}
        />
      )}
      <SegmentedControl
        size="xs"
        aria-label={t('reports.form-label')}
        value={form}
        onChange={(next) => onChange({ form: forms.find((one) => one === next) ?? 'line' })}
        data={forms.map((one) => ({
          value: one,
          label: (
            <Group gap={6} wrap="nowrap">
              {icons[one]}
              {t(`reports.form.${one}`)}
            </Group>
          ),
        }))}
      />
    </Group>
  );
}
