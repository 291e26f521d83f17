import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import { daysUntil } from '../../format.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { DateTime } from '../date-time.tsx';
import type { Column } from '../table/column.ts';

export function useTrashColumns(): Column<ProjectView>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: 'name',
      header: t('projects.name'),
      sort: (project) => project.name,
      cell: (project) => (
        <>
          <Text fw={600}>{project.name}</Text>
          <Text size="xs" c="dimmed" className="mono" truncate>
            {project.id}
          </Text>
        </>
      ),
    },
    {
      key: 'size',
      header: t('trash.stored'),
      width: 140,
      sort: (project) => project.usage?.bytes ?? 0,
      cell: (project) => <span className="num">{format.bytes(project.usage?.bytes ?? 0)}</span>,
    },
    {
      key: 'deleted',
      header: t('trash.deleted'),
      width: 170,
      sort: (project) => project.trashedAt ?? '',
      cell: (project) => <DateTime iso={project.trashedAt} />,
    },
    {
      key: 'left',
      header: t('trash.left'),
      width: 190,
      sort: (project) => project.purgeAt ?? '',
      cell: (project) => <DaysLeft purgeAt={project.purgeAt} />,
    },
  ];
}

function DaysLeft({ purgeAt }: { purgeAt: string | null }) {
  const { t } = useTranslation();
  if (purgeAt === null) return <DateTime iso={null} />;
  const days = daysUntil(purgeAt, Date.now());
  return (
    <>
      <Text size="sm" fw={600} {...(days <= 1 ? { c: 'var(--vs-red)' } : {})}>
        {t('trash.days', { count: days })}
      </Text>
      <Text size="xs" c="dimmed">
        {t('trash.until')} <DateTime iso={purgeAt} />
      </Text>
    </>
  );
}
