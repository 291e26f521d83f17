// Who may take a role on: one user, one service account, another account, or whom an identity provider vouches for.
import { Autocomplete, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { serviceAccountsQuery } from '../../api/service-accounts.ts';
import { useSession } from '../../api/session.ts';
import { usersQuery } from '../../api/users.ts';
import type { Trust, TrustKind } from '../../role-trust.ts';

const kinds: readonly TrustKind[] = ['user', 'service-account', 'account', 'provider'];

export function TrustForm({ value, onChange }: { value: Trust; onChange: (trust: Trust) => void }) {
  const { t } = useTranslation();
  const { accountId } = useSession().identity;
  const users = useQuery({ ...usersQuery, enabled: value.kind === 'user' }).data;
  const services = useQuery({ ...serviceAccountsQuery, enabled: value.kind === 'service-account' }).data;
  const set = (part: Partial<Trust>) => onChange({ ...value, ...part });
  const change = (next: string) => {
    const kind = kinds.find((one) => one === next) ?? 'user';
    onChange({ kind, accountId: kind === 'account' ? '' : accountId, name: '', externalId: '' });
  };
  const known =
    value.kind === 'user' ? (users ?? []).map(({ username }) => username) : (services ?? []).map(({ name }) => name);
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t('roles.trust')}
        value={value.kind}
        onChange={change}
        data={kinds.map((kind) => ({ value: kind, label: t(`roles.kinds.${kind}`) }))}
      />
      {(value.kind === 'user' || value.kind === 'service-account') && (
        <Autocomplete
          label={t(`roles.kinds.${value.kind}`)}
          data={[...new Set(known)]}
          value={value.name}
          onChange={(name) => set({ name })}
        />
      )}
      {value.kind === 'account' && (
        <>
          <TextInput
            label={t('roles.account-id')}
            placeholder="123456789012"
            maxLength={12}
            value={value.accountId}
            onChange={(event) => set({ accountId: event.currentTarget.value.trim() })}
          />
          <TextInput
            label={t('roles.external-id')}
            description={t('roles.external-id-text')}
            maxLength={1224}
            value={value.externalId}
            onChange={(event) => set({ externalId: event.currentTarget.value.trim() })}
          />
        </>
      )}
      {value.kind === 'provider' && (
        <TextInput
          label={t('roles.provider')}
          description={t('roles.provider-text')}
          placeholder="https://id.example.com/realms/main"
          value={value.name}
          onChange={(event) => set({ name: event.currentTarget.value.trim() })}
        />
      )}
    </Stack>
  );
}
