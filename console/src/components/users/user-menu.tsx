import { ActionIcon, Menu } from '@mantine/core';
import { IconDotsVertical, IconKey, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../../src/console-api/contract.ts';
import { useMay } from '../../api/session.ts';
import { useToggleUser } from '../../hooks/use-toggle-user.ts';

type Props = { user: UserView; onPassword: () => void; onDelete: () => void };

export function UserMenu({ user, onPassword, onDelete }: Props) {
  const { t } = useTranslation();
  const mayUpdate = useMay('vstorage:UpdateUser');
  const mayDelete = useMay('vstorage:DeleteUser');
  const { toggle, pending } = useToggleUser(user);
  const active = user.status === 'active';
  if (!mayUpdate && !mayDelete) return null;
  return (
    <Menu width={220}>
      <Menu.Target>
        <ActionIcon size="lg" loading={pending} aria-label={t('table.actions-of', { name: user.username })}>
          <IconDotsVertical size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconKey size={16} />} disabled={!mayUpdate} onClick={onPassword}>
          {t('users.set-password')}
        </Menu.Item>
        <Menu.Item
          leftSection={active ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          disabled={!mayUpdate}
          onClick={toggle}
        >
          {t(active ? 'action.disable' : 'action.enable')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash size={16} />} color="var(--vs-red)" disabled={!mayDelete} onClick={onDelete}>
          {t('action.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
