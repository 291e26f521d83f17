// The identity providers of the account: who else may say who somebody is.
import { Button, Group, Menu, ActionIcon, Text } from '@mantine/core';
import {
  IconDotsVertical,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IdentityProviderView } from '../../../../src/console-api/contract/sign-in.ts';
import { providersQuery, useDeleteProvider, useSetProviderStatus } from '../../api/sign-in-settings.ts';
import { useProblem } from '../../hooks/use-problem.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { Copyable } from '../copyable.tsx';
import { Facts } from '../facts.tsx';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import classes from '../security/security.module.css';
import { StatusBadge } from '../status-badge.tsx';
import { ProviderDrawer } from './provider-drawer.tsx';

type Open = { kind: 'create' } | { kind: 'edit' | 'delete'; provider: IdentityProviderView } | null;

export function ProvidersPanel() {
  const { t } = useTranslation();
  const list = useQuery(providersQuery);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const { items = [], redirectUri = '', max = 0, allowedActions = [] } = list.data ?? {};
  const mayCreate = allowedActions.includes('vstorage:CreateIdentityProvider');
  return (
    <Panel
      title={t('providers.title')}
      text={t('providers.text')}
      actions={
        mayCreate && (
          <Button
            leftSection={<IconPlus size={16} />}
            disabled={items.length >= max}
            onClick={() => setOpen({ kind: 'create' })}
          >
            {t('providers.add')}
          </Button>
        )
      }
    >
      <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />
      {list.data !== undefined && (
        <Facts
          facts={[
            {
              label: t('providers.redirect-uri'),
              value: <Copyable value={redirectUri} label={t('providers.copy-redirect-uri')} small />,
            },
          ]}
        />
      )}
      {list.data !== undefined && items.length === 0 && (
        <Text c="dimmed" mt="md">
          {t('providers.none')}
        </Text>
      )}
      <ul className={classes['list']} aria-label={t('providers.title')}>
        {items.map((provider) => (
          <li key={provider.id} className={classes['row']}>
            <div className={classes['facts']}>
              <Group gap={10}>
                <Text fw={600}>{provider.name}</Text>
                <StatusBadge status={provider.status} />
              </Group>
              <Text size="sm" c="dimmed" className="mono">
                {provider.issuer}
              </Text>
            </div>
            <ProviderMenu
              provider={provider}
              actions={allowedActions}
              onEdit={() => setOpen({ kind: 'edit', provider })}
              onDelete={() => setOpen({ kind: 'delete', provider })}
            />
          </li>
        ))}
      </ul>
      {open?.kind === 'create' && <ProviderDrawer provider={null} redirectUri={redirectUri} onClose={close} />}
      {open?.kind === 'edit' && <ProviderDrawer provider={open.provider} redirectUri={redirectUri} onClose={close} />}
      {open?.kind === 'delete' && <DeleteProvider provider={open.provider} onClose={close} />}
    </Panel>
  );
}

type MenuProps = {
  provider: IdentityProviderView;
  actions: readonly string[];
  onEdit: () => void;
  onDelete: () => void;
};

function ProviderMenu({ provider, actions, onEdit, onDelete }: MenuProps) {
  const { t } = useTranslation();
  const problem = useProblem();
  const setStatus = useSetProviderStatus();
  const active = provider.status === 'active';
  const mayUpdate = actions.includes('vstorage:UpdateIdentityProvider');
  const mayDelete = actions.includes('vstorage:DeleteIdentityProvider');
  if (!mayUpdate && !mayDelete) return null;
  const toggle = () =>
    setStatus.mutate({ id: provider.id, status: active ? 'disabled' : 'active' }, { onError: problem.notify });
  return (
    <Menu width={220}>
      <Menu.Target>
        <ActionIcon size="lg" loading={setStatus.isPending} aria-label={t('table.actions-of', { name: provider.name })}>
          <IconDotsVertical size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} disabled={!mayUpdate} onClick={onEdit}>
          {t('providers.edit')}
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

function DeleteProvider({ provider, onClose }: { provider: IdentityProviderView; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = useDeleteProvider();
  return (
    <ConfirmDialog
      title={t('providers.delete-title', { name: provider.name })}
      action={t('action.delete')}
      error={remove.error}
      pending={remove.isPending}
      onConfirm={() => remove.mutate(provider.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      {t('providers.delete-text')}
    </ConfirmDialog>
  );
}
