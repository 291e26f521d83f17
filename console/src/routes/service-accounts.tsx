import { Button, Text } from '@mantine/core';
import { IconPlus, IconRobot, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CreatedServiceAccount, type ServiceAccountView, serviceAccountsQuery } from '../api/service-accounts.ts';
import { useMay } from '../api/session.ts';
import { DateTime } from '../components/date-time.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { AnchorLink } from '../components/links.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { ClientSecret } from '../components/service-accounts/client-secret.tsx';
import { CreateServiceAccount } from '../components/service-accounts/create-service-account.tsx';
import { DeleteServiceAccounts } from '../components/service-accounts/delete-service-accounts.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import type { Column } from '../components/table/column.ts';
import { DataTable } from '../components/table/data-table.tsx';
import { PolicyNames } from '../components/users/policy-names.tsx';

const searchText = ({ name, id, description }: ServiceAccountView): string => `${name} ${id} ${description}`;

export function ServiceAccountsPage() {
  const { t } = useTranslation();
  const list = useQuery(serviceAccountsQuery);
  const mayCreate = useMay('vstorage:CreateServiceAccount');
  const mayDelete = useMay('vstorage:DeleteServiceAccount');
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<'create' | 'delete' | null>(null);
  const [created, setCreated] = useState<CreatedServiceAccount | null>(null);
  const columns = useColumns();
  const chosenAccounts = list.data?.filter(({ id }) => chosen.has(id)) ?? [];
  const create = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('create')}>
      {t('service-accounts.create')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('service-accounts.title')}
        description={t('service-accounts.description')}
        actions={create}
      />
      <DataTable
        label={t('service-accounts.title')}
        rows={list.data}
        columns={columns}
        rowId={({ id }) => id}
        rowLabel={({ name }) => name}
        text={searchText}
        searchLabel={t('service-accounts.search')}
        initialSort={{ column: 'name', descending: false }}
        error={list.error}
        refreshing={list.isFetching}
        onRefresh={() => void list.refetch()}
        {...(mayDelete ? { selection: { ids: chosen, set: choose } } : {})}
        tools={
          mayDelete && (
            <Button
              variant="default"
              leftSection={<IconTrash size={16} />}
              disabled={chosenAccounts.length === 0}
              onClick={() => setOpen('delete')}
            >
              {t('action.delete')}
            </Button>
          )
        }
        empty={
          <EmptyState
            icon={<IconRobot size={24} />}
            title={t('service-accounts.empty')}
            text={t('service-accounts.empty-text')}
            action={create}
          />
        }
      />
      <CreateServiceAccount opened={open === 'create'} onClose={() => setOpen(null)} onCreated={setCreated} />
      {created !== null && <ClientSecret created={created} onClose={() => setCreated(null)} />}
      {open === 'delete' && (
        <DeleteServiceAccounts
          accounts={chosenAccounts}
          onClose={() => setOpen(null)}
          onDeleted={() => choose(new Set())}
        />
      )}
    </>
  );
}

function useColumns(): Column<ServiceAccountView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      header: t('service-accounts.name'),
      sort: ({ name }) => name,
      cell: ({ id, name }) => (
        <>
          <AnchorLink to="/service-accounts/$id" params={{ id }} fw={600} c="var(--vs-ink)">
            {name}
          </AnchorLink>
          <Text size="xs" c="dimmed" className="mono" truncate>
            {id}
          </Text>
        </>
      ),
    },
    {
      key: 'policies',
      header: t('users.policies'),
      sort: ({ policies }) => policies.join(' '),
      cell: ({ policies }) => <PolicyNames names={policies} />,
    },
    {
      key: 'created',
      header: t('projects.created'),
      width: 160,
      sort: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <DateTime iso={createdAt} />,
    },
    {
      key: 'last-used',
      header: t('service-accounts.last-used'),
      width: 160,
      sort: ({ lastUsedAt }) => lastUsedAt ?? '',
      cell: ({ lastUsedAt }) => <DateTime iso={lastUsedAt} never={t('users.never')} />,
    },
    {
      key: 'status',
      header: t('keys.status'),
      width: 120,
      sort: ({ status }) => status,
      cell: ({ status }) => <StatusBadge status={status} />,
    },
  ];
}
