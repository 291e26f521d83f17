import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { projectsQuery } from '../../api/projects.ts';
import { useRegion } from '../../hooks/use-region.ts';
import { groups, type ReportSearch, shownOf } from '../../reports/view.ts';
import { RangePicker } from './range-picker.tsx';
import classes from './reports.module.css';

type Props = { search: ReportSearch; now: Date; onChange: (change: ReportSearch) => void };

/** What of the account the report is about, and which time. */
export function ReportControls({ search, now, onChange }: Props) {
  const { t } = useTranslation();
  const { regions } = useRegion();
  const { data: projects = [] } = useQuery(projectsQuery('active'));
  const { by, range } = shownOf(search);
  const inRegion = projects.filter(({ region }) => search.region === undefined || region === search.region);
  return (
    <div className={classes['bar']}>
      <RangePicker value={range} now={now} onChange={(next) => onChange({ range: next })} />
      {regions.length > 1 && (
        <NativeSelect
          label={t('region.label')}
          value={search.region ?? ''}
          onChange={({ currentTarget }) => onChange({ region: currentTarget.value, project: '' })}
          data={[{ value: '', label: t('reports.all-regions') }, ...regions.map(({ name }) => name)]}
        />
      )}
      <NativeSelect
        label={t('reports.project')}
        value={search.project ?? ''}
        onChange={({ currentTarget }) => onChange({ project: currentTarget.value })}
        data={[
          { value: '', label: t('reports.all-projects') },
          ...inRegion.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <NativeSelect
        label={t('reports.group')}
        value={by}
        onChange={({ currentTarget }) => onChange({ by: groups.find((one) => one === currentTarget.value) ?? 'all' })}
        data={groups.map((one) => ({ value: one, label: t(`reports.by.${one}`) }))}
      />
    </div>
  );
}
