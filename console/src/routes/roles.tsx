import { Button, Text } from '@mantine/core';
import { IconMasksTheater, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RoleView, rolesQuery } from '../api/roles.ts';
import { useMay } from '../api/session.ts';
import { DateTime } from '../components/date-time.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { AnchorLink } from '../components/links.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { CreateRole } from '../components/roles/create-role.tsx';
import { DeleteRoles } from '../components/roles/delete-roles.tsx';
import type { Column } from '../components/table/column.ts';
import { DataTable } from '../components/table/data-table.tsx';
import { PolicyNames } from '../components/users/policy-names.tsx';

const searchText = ({ name, description, policies }: RoleView): string =>
  `${name} ${description} ${policies.join(' ')}`;

export function RolesPage() {
  const { t } = useTranslation();
  const list = useQuery(rolesQuery);
  const mayCreate = useMay('vstorage:CreateRole');
  const mayDelete = useMay('vstorage:DeleteRole');
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<'create' | 'delete' | null>(null);
  const columns = useColumns();
  const chosenRoles = list.data?.filter(({ id }) => chosen.has(id)) ?? [];
  const create = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('create')}>
      {t('roles.create')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('roles.title')} description={t('roles.description')} actions={create} />
      <DataTable
        label={t('roles.title')}
        rows={list.data}
        columns={columns}
        rowId={({ id }) => id}
        rowLabel={({ name }) => name}
        text={searchText}
        searchLabel={t('roles.search')}
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
              disabled={chosenRoles.length === 0}
              onClick={() => setOpen('delete')}
            >
              {t('action.delete')}
            </Button>
          )
        }
        empty={
          <EmptyState
            icon={<IconMasksTheater size={24} />}
            title={t('roles.empty')}
            text={t('roles.empty-text')}
            action={create}
          />
        }
      />
      {open === 'create' && <CreateRole onClose={() => setOpen(null)} />}
      {open === 'delete' && (
        <DeleteRoles roles={chosenRoles} onClose={() => setOpen(null)} onDeleted={() => choose(new Set())} />
      )}
    </>
  );
}

function useColumns(): Column<RoleView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      header: t('roles.name'),
      sort: ({ name }) => name,
      cell: ({ id, name, description }) => (
        <>
          <AnchorLink to="/roles/$roleId" params={{ roleId: id }} fw={600} c="var(--vs-ink)">
            {name}
          </AnchorLink>
          <Text size="xs" c="dimmed" truncate>
            {description}
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
      header: t('keys.last-used'),
      width: 160,
      sort: ({ lastUsedAt }) => lastUsedAt ?? '',
      cell: ({ lastUsedAt }) => <DateTime iso={lastUsedAt} never={t('users.never')} />,
    },
  ];
}
