import { Button } from '@mantine/core';
import { IconMail, IconPlus, IconTrash, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../src/console-api/contract.ts';
import { useMay } from '../api/session.ts';
import { signInMethodsQuery } from '../api/sign-in.ts';
import { usersQuery } from '../api/users.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { DataTable } from '../components/table/data-table.tsx';
import { InviteUser } from '../components/users/invite-user.tsx';
import { CreateUsers } from '../components/users/create-users.tsx';
import { DeleteUsers } from '../components/users/delete-users.tsx';
import { SetPassword } from '../components/users/set-password.tsx';
import { useUserColumns } from '../components/users/use-user-columns.tsx';
import { UserMenu } from '../components/users/user-menu.tsx';
import { useOpenOnHash } from '../hooks/use-open-on-hash.ts';

type Open =
  | { kind: 'create' }
  | { kind: 'invite' }
  | { kind: 'delete'; users: UserView[] }
  | { kind: 'password'; user: UserView }
  | null;

const searchText = (user: UserView): string => `${user.username} ${user.id} ${user.policies.join(' ')}`;

export function UsersPage() {
  const { t } = useTranslation();
  const list = useQuery(usersQuery);
  const mayCreate = useMay('vstorage:CreateUser');
  const mayDelete = useMay('vstorage:DeleteUser');
  const { data: methods } = useQuery(signInMethodsQuery(''));
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const columns = useUserColumns();
  useOpenOnHash('create', () => mayCreate && setOpen({ kind: 'create' }));
  const chosenUsers = list.data?.filter((user) => chosen.has(user.id)) ?? [];
  const create = mayCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({ kind: 'create' })}>
      {t('users.create')}
    </Button>
  );
  const invite = mayCreate && methods?.passwordReset === true && (
    <Button variant="default" leftSection={<IconMail size={16} />} onClick={() => setOpen({ kind: 'invite' })}>
      {t('invite.title')}
    </Button>
  );
  const actions = (
    <>
      {invite}
      {create}
    </>
  );
  return (
    <>
      <PageHeader title={t('users.title')} description={t('users.description')} actions={actions} />
      <DataTable
        label={t('users.title')}
        rows={list.data}
        columns={columns}
        rowId={(user) => user.id}
        rowLabel={(user) => user.username}
        text={searchText}
        searchLabel={t('users.search')}
        initialSort={{ column: 'username', descending: false }}
        error={list.error}
        refreshing={list.isFetching}
        onRefresh={() => void list.refetch()}
        {...(mayDelete ? { selection: { ids: chosen, set: choose } } : {})}
        tools={
          mayDelete && (
            <Button
              variant="default"
              leftSection={<IconTrash size={16} />}
              disabled={chosenUsers.length === 0}
              onClick={() => setOpen({ kind: 'delete', users: chosenUsers })}
            >
              {t('action.delete')}
            </Button>
          )
        }
        empty={
          <EmptyState
            icon={<IconUsers size={24} />}
            title={t('users.empty')}
            text={t('users.empty-text')}
            action={create}
          />
        }
        actions={(user) => (
          <UserMenu
            user={user}
            onPassword={() => setOpen({ kind: 'password', user })}
            onDelete={() => setOpen({ kind: 'delete', users: [user] })}
          />
        )}
      />
      <CreateUsers opened={open?.kind === 'create'} onClose={close} />
      {open?.kind === 'invite' && <InviteUser onClose={close} />}
      {open?.kind === 'password' && <SetPassword user={open.user} onClose={close} />}
      {open?.kind === 'delete' && (
        <DeleteUsers users={open.users} onClose={close} onDeleted={() => choose(new Set())} />
      )}
    </>
  );
}
