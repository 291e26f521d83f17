import { Button, Text } from '@mantine/core';
import { IconPlus, IconTrash, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type GroupView, groupsQuery } from '../api/groups.ts';
import { useMay } from '../api/session.ts';
import { DateTime } from '../components/date-time.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { CreateGroup } from '../components/groups/create-group.tsx';
import { DeleteGroups } from '../components/groups/delete-groups.tsx';
import { AnchorLink } from '../components/links.tsx';
import { PageHeader } from '../components/page-header.tsx';
import type { Column } from '../components/table/column.ts';
import { DataTable } from '../components/table/data-table.tsx';
import { PolicyNames } from '../components/users/policy-names.tsx';

const searchText = ({ name, description, policies }: GroupView): string =>
  `${name} ${description} ${policies.join(' ')}`;

export function GroupsPage() {
  const { t } = useTranslation();
  const list = useQuery(groupsQuery);
  const mayCreate = useMay('vstorage:CreateGroup');
  const mayDelete = useMay('vstorage:DeleteGroup');
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<'create' | 'delete' | null>(null);
  const columns = useColumns();
  const chosenGroups = list.data?.filter(({ id }) => chosen.has(id)) ?? [];
  const create = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('create')}>
      {t('groups.create')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('groups.title')} description={t('groups.description')} actions={create} />
      <DataTable
        label={t('groups.title')}
        rows={list.data}
        columns={columns}
        rowId={({ id }) => id}
        rowLabel={({ name }) => name}
        text={searchText}
        searchLabel={t('groups.search')}
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
              disabled={chosenGroups.length === 0}
              onClick={() => setOpen('delete')}
            >
              {t('action.delete')}
            </Button>
          )
        }
        empty={
          <EmptyState
            icon={<IconUsersGroup size={24} />}
            title={t('groups.empty')}
            text={t('groups.empty-text')}
            action={create}
          />
        }
      />
      <CreateGroup opened={open === 'create'} onClose={() => setOpen(null)} />
      {open === 'delete' && (
        <DeleteGroups groups={chosenGroups} onClose={() => setOpen(null)} onDeleted={() => choose(new Set())} />
      )}
    </>
  );
}

function useColumns(): Column<GroupView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'name',
      header: t('groups.name'),
      sort: ({ name }) => name,
      cell: ({ id, name, description }) => (
        <>
          <AnchorLink to="/groups/$groupId" params={{ groupId: id }} fw={600} c="var(--vs-ink)">
            {name}
          </AnchorLink>
          <Text size="xs" c="dimmed" truncate>
            {description}
          </Text>
        </>
      ),
    },
    {
      key: 'members',
      header: t('groups.members'),
      width: 120,
      sort: ({ memberCount }) => memberCount ?? 0,
      cell: ({ memberCount }) => memberCount ?? '—',
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
  ];
}
