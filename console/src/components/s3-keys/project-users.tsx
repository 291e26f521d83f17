import { Group, Text, Title } from '@mantine/core';
import { IconArrowRight, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { AnchorLink, ButtonLink } from '../links.tsx';
import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../../src/console-api/contract.ts';
import { usersQuery } from '../../api/users.ts';
import { Copyable } from '../copyable.tsx';
import { DateTime } from '../date-time.tsx';
import { EmptyState } from '../empty-state.tsx';
import { StatusBadge } from '../status-badge.tsx';
import type { Column } from '../table/column.ts';
import { DataTable } from '../table/data-table.tsx';

const searchText = (user: UserView): string => `${user.username} ${user.vstorageUserId}`;

/** The account's IAM users, as this project sees them: each has the rights its policies give. */
export function ProjectUsers() {
  const { t } = useTranslation();
  const list = useQuery(usersQuery);
  return (
    <DataTable
      label={t('project-users.title')}
      heading={<Heading />}
      rows={list.data}
      columns={useColumns()}
      rowId={(user) => user.id}
      rowLabel={(user) => user.username}
      text={searchText}
      searchLabel={t('users.search')}
      initialSort={{ column: 'username', descending: false }}
      error={list.error}
      refreshing={list.isFetching}
      onRefresh={() => void list.refetch()}
      empty={
        <EmptyState icon={<IconUsers size={24} />} title={t('users.empty')} text={t('project-users.empty-text')} />
      }
      tools={
        <ButtonLink to="/users" variant="default" rightSection={<IconArrowRight size={16} />}>
          {t('project-users.manage')}
        </ButtonLink>
      }
    />
  );
}

function Heading() {
  const { t } = useTranslation();
  return (
    <>
      <Title order={2} size="h3">
        {t('project-users.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('project-users.text')}
      </Text>
    </>
  );
}

function useColumns(): Column<UserView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'username',
      header: t('users.username'),
      sort: (user) => user.username,
      cell: (user) => (
        <Group gap="xs">
          <AnchorLink to="/users/$userId" params={{ userId: user.id }} fw={600} c="var(--vs-ink)">
            {user.username}
          </AnchorLink>
          {user.status === 'disabled' && <StatusBadge status="disabled" />}
        </Group>
      ),
    },
    {
      key: 'storage-id',
      header: t('project.user-id'),
      cell: (user) => <Copyable value={user.vstorageUserId} label={t('project.copy-user-id')} small />,
    },
    {
      key: 'created',
      header: t('projects.created'),
      width: 180,
      sort: (user) => user.createdAt,
      cell: (user) => <DateTime iso={user.createdAt} />,
    },
  ];
}
