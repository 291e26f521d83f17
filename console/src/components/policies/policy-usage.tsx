// Who has a policy, who is bounded by it, and giving it to others or taking it away.
import { ActionIcon, Button, Group, MultiSelect, Stack, Text, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PolicyHolderView, PolicyView } from '../../../../src/console-api/contract.ts';
import { groupsQuery } from '../../api/groups.ts';
import { useChangeUsage } from '../../api/policies.ts';
import { rolesQuery } from '../../api/roles.ts';
import { serviceAccountsQuery } from '../../api/service-accounts.ts';
import { useMay } from '../../api/session.ts';
import { usersQuery } from '../../api/users.ts';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { HolderLink } from './holder-link.tsx';
import classes from '../groups/groups.module.css';

const types = ['user', 'group', 'service-account', 'role'] as const;
type HolderType = PolicyHolderView['type'];

export function PolicyUsage({ policy }: { policy: PolicyView }) {
  const { t } = useTranslation();
  const change = useChangeUsage(policy.name);
  const may = useMayAttach();
  return (
    <Panel title={t('usage-of.title')} text={t('usage-of.text')}>
      <Stack>
        <ProblemNotice error={change.error} />
        {policy.attachedTo.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('usage-of.none')}
          </Text>
        )}
        <ul className={classes['members']}>
          {policy.attachedTo.map((holder) => (
            <li key={`${holder.type} ${holder.id}`}>
              <HolderLink holder={holder} />
              {may[holder.type] && (
                <Tooltip label={t('usage-of.detach')}>
                  <ActionIcon
                    aria-label={t('usage-of.detach-from', { name: holder.name })}
                    loading={change.isPending}
                    onClick={() => change.mutate({ detach: [{ type: holder.type, id: holder.id }] })}
                  >
                    <IconX size={16} />
                  </ActionIcon>
                </Tooltip>
              )}
            </li>
          ))}
        </ul>
        {types.some((type) => may[type]) && <AttachTo policy={policy} may={may} change={change} />}
        {policy.boundaryOf.length > 0 && (
          <>
            <Text size="sm" fw={600}>
              {t('usage-of.bounds')}
            </Text>
            <ul className={classes['members']}>
              {policy.boundaryOf.map((holder) => (
                <li key={`${holder.type} ${holder.id}`}>
                  <HolderLink holder={holder} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Stack>
    </Panel>
  );
}

type May = Readonly<Record<HolderType, boolean>>;

const useMayAttach = (): May => ({
  user: useMay('vstorage:AttachPolicy'),
  group: useMay('vstorage:AttachGroupPolicy'),
  'service-account': useMay('vstorage:AttachServiceAccountPolicy'),
  role: useMay('vstorage:AttachRolePolicy'),
});

type AttachProps = { policy: PolicyView; may: May; change: ReturnType<typeof useChangeUsage> };

function AttachTo({ policy, may, change }: AttachProps) {
  const { t } = useTranslation();
  const [chosen, choose] = useState<string[]>([]);
  const known = useHolders(may);
  const has = new Set(policy.attachedTo.map(({ type, id }) => `${type} ${id}`));
  const data = types
    .map((type) => ({
      group: t(`usage-of.types.${type}`),
      items: (known[type] ?? [])
        .map(({ id, name }) => ({ value: `${type} ${id}`, label: name }))
        .filter(({ value }) => !has.has(value)),
    }))
    .filter(({ items }) => items.length > 0);
  const save = () => {
    const attach = chosen.map((value) => {
      const [type = '', id = ''] = value.split(' ');
      return { type: types.find((one) => one === type) ?? 'user', id };
    });
    change.mutate({ attach }, { onSuccess: () => choose([]) });
  };
  return (
    <Group align="flex-end" gap="xs">
      <MultiSelect
        label={t('usage-of.attach')}
        placeholder={chosen.length === 0 ? t('usage-of.pick') : ''}
        searchable
        hidePickedOptions
        nothingFoundMessage={t('table.nothing-found')}
        data={data}
        value={chosen}
        onChange={choose}
        className={classes['pick'] ?? ''}
      />
      <Button disabled={chosen.length === 0} loading={change.isPending} onClick={save}>
        {t('usage-of.attach-action')}
      </Button>
    </Group>
  );
}

type Named = { readonly id: string; readonly name: string };

function useHolders(may: May): Partial<Record<HolderType, readonly Named[]>> {
  const users = useQuery({ ...usersQuery, enabled: may.user }).data;
  const groups = useQuery({ ...groupsQuery, enabled: may.group }).data;
  const services = useQuery({ ...serviceAccountsQuery, enabled: may['service-account'] }).data;
  const roles = useQuery({ ...rolesQuery, enabled: may.role }).data;
  return {
    user: (users ?? []).map(({ id, username }) => ({ id, name: username })),
    group: groups ?? [],
    'service-account': services ?? [],
    role: roles ?? [],
  };
}
