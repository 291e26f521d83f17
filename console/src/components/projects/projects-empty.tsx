import { Button } from '@mantine/core';
import { IconBoxMultiple, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../empty-state.tsx';

export function ProjectsEmpty({ onCreate }: { onCreate: (() => void) | null }) {
  const { t } = useTranslation();
  const action = onCreate !== null && (
    <Button leftSection={<IconPlus size={16} />} onClick={onCreate}>
      {t('projects.create')}
    </Button>
  );
  return (
    <EmptyState
      icon={<IconBoxMultiple size={24} />}
      title={t('projects.empty.title')}
      text={t(onCreate === null ? 'projects.empty.ask' : 'projects.empty.text')}
      action={action}
    />
  );
}
