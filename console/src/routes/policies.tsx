import { Button } from '@mantine/core';
import { IconFileImport, IconPlus, IconShieldLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ButtonLink } from '../components/links.tsx';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PolicySummary } from '../../../src/console-api/contract.ts';
import { policiesQuery } from '../api/policies.ts';
import { useMay } from '../api/session.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { ImportPolicy } from '../components/policies/import-policy.tsx';
import { usePolicyColumns } from '../components/policies/use-policy-columns.tsx';
import { DataTable } from '../components/table/data-table.tsx';

const searchText = (policy: PolicySummary): string => `${policy.name} ${policy.description}`;

export function PoliciesPage() {
  const { t } = useTranslation();
  const list = useQuery(policiesQuery);
  const mayCreate = useMay('vstorage:CreatePolicy');
  const columns = usePolicyColumns();
  const [importing, setImporting] = useState(false);
  const create = mayCreate && (
    <>
      <Button variant="default" leftSection={<IconFileImport size={16} />} onClick={() => setImporting(true)}>
        {t('import.action-button')}
      </Button>
      <ButtonLink to="/policies/create" leftSection={<IconPlus size={16} />}>
        {t('policies.create')}
      </ButtonLink>
    </>
  );
  return (
    <>
      <PageHeader title={t('policies.title')} description={t('policies.description')} actions={create} />
      <DataTable
        label={t('policies.title')}
        rows={list.data}
        columns={columns}
        rowId={(policy) => policy.name}
        rowLabel={(policy) => policy.name}
        text={searchText}
        searchLabel={t('policies.search')}
        initialSort={{ column: 'type', descending: false }}
        error={list.error}
        refreshing={list.isFetching}
        onRefresh={() => void list.refetch()}
        empty={<EmptyState icon={<IconShieldLock size={24} />} title={t('policies.empty')} />}
      />
      {importing && <ImportPolicy onClose={() => setImporting(false)} />}
    </>
  );
}
