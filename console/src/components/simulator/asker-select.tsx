import { SegmentedControl, Select, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { projectsQuery } from '../../api/projects.ts';
import { rolesQuery } from '../../api/roles.ts';
import { serviceAccountsQuery } from '../../api/service-accounts.ts';
import { s3KeysQuery } from '../../api/s3-keys.ts';
import type { SimulateRequest } from '../../api/simulator.ts';
import { usersQuery } from '../../api/users.ts';

export type Asker = SimulateRequest['principal'];
type Kind = Asker['type'];
type Props = { value: Asker | null; onChange: (asker: Asker | null) => void };

const kinds: readonly Kind[] = ['user', 'service-account', 'role', 's3-key', 'root'];

/** Whose request is tried: an IAM user, a service account, a role, a key, the root account. */
export function AskerSelect({ value, onChange }: Props) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>(kinds.find((one) => one === value?.type) ?? 'user');
  const change = (next: string) => {
    const found = kinds.find((one) => one === next) ?? 'user';
    setKind(found);
    onChange(found === 'root' ? { type: 'root' } : null);
  };
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t('simulator.who')}
        value={kind}
        onChange={change}
        data={kinds.map((one) => ({ value: one, label: t(`simulator.kind.${one}`) }))}
      />
      {kind === 'user' && <UserSelect value={value} onChange={onChange} />}
      {kind === 'service-account' && <ServiceAccountSelect value={value} onChange={onChange} />}
      {kind === 'role' && <RoleSelect value={value} onChange={onChange} />}
      {kind === 's3-key' && <KeySelect value={value} onChange={onChange} />}
    </Stack>
  );
}

function UserSelect({ value, onChange }: Props) {
  const { t } = useTranslation();
  const users = useQuery(usersQuery);
  return (
    <Select
      label={t('simulator.kind.user')}
      placeholder={t('simulator.choose-user')}
      searchable
      maw={480}
      nothingFoundMessage={t('simulator.no-users')}
      data={(users.data ?? []).map(({ id, username }) => ({ value: id, label: username }))}
      value={value?.type === 'user' ? value.user : null}
      onChange={(user) => onChange(user === null ? null : { type: 'user', user })}
    />
  );
}

function ServiceAccountSelect({ value, onChange }: Props) {
  const { t } = useTranslation();
  const accounts = useQuery(serviceAccountsQuery);
  return (
    <Select
      label={t('simulator.kind.service-account')}
      placeholder={t('simulator.choose-service-account')}
      searchable
      maw={480}
      nothingFoundMessage={t('table.nothing-found')}
      data={(accounts.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      value={value?.type === 'service-account' ? value.serviceAccount : null}
      onChange={(id) => onChange(id === null ? null : { type: 'service-account', serviceAccount: id })}
    />
  );
}

/** As if somebody had taken it on, without policies of the session. */
function RoleSelect({ value, onChange }: Props) {
  const { t } = useTranslation();
  const roles = useQuery(rolesQuery);
  return (
    <Select
      label={t('simulator.kind.role')}
      description={t('simulator.role-text')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={t('simulator.choose-role')}
      searchable
      maw={480}
      nothingFoundMessage={t('table.nothing-found')}
      data={(roles.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      value={value?.type === 'role' ? value.role : null}
      onChange={(role) => onChange(role === null ? null : { type: 'role', role })}
    />
  );
}

function KeySelect({ value, onChange }: Props) {
  const { t } = useTranslation();
  const projects = useQuery(projectsQuery('active'));
  const [chosen, choose] = useState<string | null>(null);
  const projectId = chosen ?? projects.data?.[0]?.id ?? null;
  const keys = useQuery({ ...s3KeysQuery(projectId ?? ''), enabled: projectId !== null });
  const pick = (next: string | null) => {
    choose(next);
    onChange(null);
  };
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} maw={720}>
      <Select
        label={t('simulator.project')}
        data={(projects.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={projectId}
        onChange={pick}
        allowDeselect={false}
      />
      <Select
        label={t('simulator.kind.s3-key')}
        placeholder={t('simulator.choose-key')}
        searchable
        nothingFoundMessage={t('simulator.no-keys')}
        data={(keys.data?.items ?? []).map(({ id, accessKey, description }) => ({
          value: id,
          label: description === '' ? accessKey : `${description} · ${accessKey}`,
        }))}
        value={value?.type === 's3-key' ? value.id : null}
        onChange={(id) => onChange(id === null ? null : { type: 's3-key', id })}
      />
    </SimpleGrid>
  );
}
