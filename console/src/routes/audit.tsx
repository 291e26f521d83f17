import { Button, Paper, Stack, Text } from '@mantine/core';
import { IconDownload, IconHistory, IconSearchOff } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AuditFilter, auditParameters, type AuditRecordView, auditRecordsQuery } from '../api/audit.ts';
import { AuditFilters } from '../components/audit/filters.tsx';
import { RecordDetails } from '../components/audit/record-details.tsx';
import { RecordList } from '../components/audit/record-list.tsx';
import classes from '../components/audit/audit.module.css';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { ProblemNotice } from '../components/problem-notice.tsx';
import { TableSkeleton } from '../components/table/table-skeleton.tsx';
import { formatCount } from '../format.ts';

export function AuditPage() {
  const { t, i18n } = useTranslation();
  const filter = useSearch({ from: '/shell/audit' });
  const navigate = useNavigate();
  const [open, setOpen] = useState<AuditRecordView | null>(null);
  const found = useInfiniteQuery(auditRecordsQuery(filter));
  const records = found.data?.pages.flatMap(({ items }) => items);
  const total = found.data?.pages[0]?.total ?? null;
  const change = (search: AuditFilter) => void navigate({ to: '/audit', search, replace: true });
  const save = (
    <Button
      component="a"
      href={`/api/v1/audit/export?${auditParameters(filter, Date.now()).toString()}`}
      variant="default"
      leftSection={<IconDownload size={16} />}
    >
      {t('audit.export')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('audit.title')} description={t('audit.description')} actions={save} />
      <Stack gap="lg">
        <AuditFilters filter={filter} onChange={change} />
        <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />
        <Paper withBorder radius="lg" aria-busy={found.isPending}>
          {records === undefined && found.error === null && <TableSkeleton />}
          {records?.length === 0 && !found.hasNextPage && <Nothing filtered={Object.keys(filter).length > 0} />}
          {records !== undefined && records.length > 0 && <RecordList records={records} onOpen={setOpen} />}
          {records !== undefined && (records.length > 0 || found.hasNextPage) && (
            <div className={classes['more']}>
              <Text size="sm" c="dimmed" aria-live="polite">
                {total === null
                  ? t('audit.shown', { shown: formatCount(records.length, i18n.language) })
                  : t(total.isExact ? 'audit.shown-of' : 'audit.shown-of-about', {
                      shown: formatCount(records.length, i18n.language),
                      total: formatCount(Math.max(total.count, records.length), i18n.language),
                    })}
              </Text>
              {found.hasNextPage && (
                <Button
                  variant="default"
                  size="xs"
                  loading={found.isFetchingNextPage}
                  onClick={() => void found.fetchNextPage()}
                >
                  {t('audit.more')}
                </Button>
              )}
            </div>
          )}
        </Paper>
      </Stack>
      <RecordDetails record={open} onClose={() => setOpen(null)} />
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation();
  return filtered ? (
    <EmptyState icon={<IconSearchOff size={24} />} title={t('audit.none-found')} text={t('audit.none-found-text')} />
  ) : (
    <EmptyState icon={<IconHistory size={24} />} title={t('audit.empty')} />
  );
}
