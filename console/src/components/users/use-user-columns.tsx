import { Text } from '@mantine/core';
import { AnchorLink } from '../links.tsx';
import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../../src/console-api/contract.ts';
import { DateTime } from '../date-time.tsx';
import { StatusBadge } from '../status-badge.tsx';
import type { Column } from '../table/column.ts';
import { PolicyNames } from './policy-names.tsx';

export function useUserColumns(): Column<UserView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'username',
      header: t('users.username'),
      sort: (user) => user.username,
      cell: (user) => (
        <>
          <AnchorLink to="/users/$userId" params={{ userId: user.id }} fw={600} c="var(--vs-ink)">
            {user.username}
          </AnchorLink>
          <Text size="xs" c="dimmed" className="mono" truncate>
            {user.id}
          </Text>
        </>
      ),
    },
    {
      key: 'policies',
      header: t('users.policies'),
      sort: (user) => user.policies.join(' '),
      cell: (user) => <PolicyNames names={user.policies} />,
    },
    {
      key: 'created',
      header: t('projects.created'),
      width: 160,
      sort: (user) => user.createdAt,
      cell: (user) => <DateTime iso={user.createdAt} />,
    },
    {
      key: 'last-sign-in',
      header: t('users.last-sign-in'),
      width: 160,
      sort: (user) => user.lastSignInAt ?? '',
      cell: (user) => <DateTime iso={user.lastSignInAt} never={t('users.never')} />,
    },
    {
      key: 'status',
      header: t('keys.status'),
      width: 120,
      sort: (user) => user.status,
      cell: (user) => <StatusBadge status={user.status} />,
    },
  ];
}
