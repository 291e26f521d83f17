import { ActionIcon, Group, NativeSelect, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { pageSizes } from '../../hooks/use-table-view.ts';
import classes from './table.module.css';

type Props = {
  view: {
    total: number;
    page: number;
    lastPage: number;
    pageSize: number;
    setPage: (page: number) => void;
    setPageSize: (size: number) => void;
  };
};

export function Pager({ view }: Props) {
  const { t } = useTranslation();
  const { total, page, lastPage, pageSize } = view;
  const first = page * pageSize + 1;
  const last = Math.min(total, first + pageSize - 1);
  return (
    <div className={classes['pager']}>
      <Group gap="xs">
        <Text size="sm" c="dimmed">
          {t('table.show')}
        </Text>
        <NativeSelect
          size="xs"
          w={68}
          aria-label={t('table.page-size')}
          data={pageSizes.map(String)}
          value={String(pageSize)}
          onChange={(event) => view.setPageSize(Number(event.currentTarget.value))}
        />
      </Group>
      <Group gap={4}>
        <Text size="sm" c="dimmed" className="num" mr="xs" aria-live="polite">
          {t('table.range', { first, last, total })}
        </Text>
        <ActionIcon disabled={page === 0} onClick={() => view.setPage(page - 1)} aria-label={t('table.previous')}>
          <IconChevronLeft size={18} />
        </ActionIcon>
        <ActionIcon disabled={page >= lastPage} onClick={() => view.setPage(page + 1)} aria-label={t('table.next')}>
          <IconChevronRight size={18} />
        </ActionIcon>
      </Group>
    </div>
  );
}
