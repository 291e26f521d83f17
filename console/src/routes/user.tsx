import { Button, Group, SimpleGrid, Stack } from '@mantine/core';
import { IconKey, IconPlayerPause, IconPlayerPlay, IconScale, IconTrash } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session.ts';
import { userQuery } from '../api/users.ts';
import { ButtonLink } from '../components/links.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Panel } from '../components/panel.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { DeleteUsers } from '../components/users/delete-users.tsx';
import { SetPassword } from '../components/users/set-password.tsx';
import { UserFacts } from '../components/users/user-facts.tsx';
import { UserRights } from '../components/users/user-rights.tsx';
import { UserSignIns } from '../components/users/user-sign-ins.tsx';
import { UserPolicies } from '../components/users/user-policies.tsx';
import { useToggleUser } from '../hooks/use-toggle-user.ts';

export function UserPage() {
  const { t } = useTranslation();
  const { userId } = useParams({ from: '/shell/users/$userId' });
  const { data: user } = useSuspenseQuery(userQuery(userId));
  const navigate = useNavigate();
  const maySimulate = useMay('vstorage:GetPolicy');
  const mayUpdate = useMay('vstorage:UpdateUser');
  const mayDelete = useMay('vstorage:DeleteUser');
  const { toggle, pending } = useToggleUser(user);
  const [open, setOpen] = useState<'password' | 'delete' | null>(null);
  const active = user.status === 'active';
  return (
    <>
      <PageHeader
        title={user.username}
        parent={{ label: t('users.title'), to: '/users' }}
        badge={<StatusBadge status={user.status} />}
        actions={
          maySimulate && (
            <ButtonLink
              to="/simulator"
              search={{ user: user.id }}
              variant="default"
              leftSection={<IconScale size={16} />}
            >
              {t('simulator.try')}
            </ButtonLink>
          )
        }
      />
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <UserFacts user={user} />
          <UserPolicies key={user.policies.join()} user={user} />
        </SimpleGrid>
        <UserRights user={user} />
        <UserSignIns user={user} />
        {(mayUpdate || mayDelete) && (
          <Panel title={t('users.security')} text={t('users.security-text')}>
            <Group gap="xs">
              {mayUpdate && (
                <>
                  <Button variant="default" leftSection={<IconKey size={16} />} onClick={() => setOpen('password')}>
                    {t('users.set-password')}
                  </Button>
                  <Button
                    variant="default"
                    loading={pending}
                    leftSection={active ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
                    onClick={toggle}
                  >
                    {t(active ? 'users.disable' : 'users.enable')}
                  </Button>
                </>
              )}
              {mayDelete && (
                <Button
                  variant="default"
                  c="var(--vs-red)"
                  leftSection={<IconTrash size={16} />}
                  onClick={() => setOpen('delete')}
                >
                  {t('users.delete')}
                </Button>
              )}
            </Group>
          </Panel>
        )}
      </Stack>
      {open === 'password' && <SetPassword user={user} onClose={() => setOpen(null)} />}
      {open === 'delete' && (
        <DeleteUsers users={[user]} onClose={() => setOpen(null)} onDeleted={() => void navigate({ to: '/users' })} />
      )}
    </>
  );
}
