import { Button, Group, SimpleGrid, Stack } from '@mantine/core';
import { IconKey, IconPlayerPause, IconPlayerPlay, IconScale, IconTrash } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type CreatedServiceAccount,
  type ServiceAccountView,
  serviceAccountQuery,
  useResetSecret,
  useSetServiceAccountPolicies,
  useUpdateServiceAccount,
} from '../api/service-accounts.ts';
import { useMay } from '../api/session.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Copyable } from '../components/copyable.tsx';
import { DateTime } from '../components/date-time.tsx';
import { Facts } from '../components/facts.tsx';
import { Boundary } from '../components/holders/boundary.tsx';
import { InlinePolicies } from '../components/holders/inline-policies.tsx';
import { ButtonLink } from '../components/links.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Panel } from '../components/panel.tsx';
import { AttachedPolicies } from '../components/policies/attached-policies.tsx';
import { ClientSecret } from '../components/service-accounts/client-secret.tsx';
import { DeleteServiceAccounts } from '../components/service-accounts/delete-service-accounts.tsx';
import { TrustedAccounts } from '../components/service-accounts/trusted-accounts.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { useProblem } from '../hooks/use-problem.ts';
import { useUndo } from '../hooks/use-undo.tsx';

export function ServiceAccountPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/shell/service-accounts/$id' });
  const { data: account } = useSuspenseQuery(serviceAccountQuery(id));
  const mayAttach = useMay('vstorage:AttachServiceAccountPolicy');
  const mayBound = useMay('vstorage:SetServiceAccountBoundary');
  const mayTry = useMay('vstorage:GetPolicy');
  const holder = { base: 'service-accounts', id, name: account.name } as const;
  const update = useSetServiceAccountPolicies();
  const undoable = useUndo();
  const save = (policies: string[]) =>
    update.mutate(
      { id, policies },
      {
        onSuccess: () =>
          undoable(t('users.policies-notice', { name: account.name }), () =>
            update.mutateAsync({ id, policies: account.policies }),
          ),
      },
    );
  return (
    <>
      <PageHeader
        title={account.name}
        description={account.description}
        parent={{ label: t('service-accounts.title'), to: '/service-accounts' }}
        badge={<StatusBadge status={account.status} />}
        actions={
          mayTry && (
            <ButtonLink
              to="/simulator"
              search={{ serviceAccount: account.id }}
              variant="default"
              leftSection={<IconScale size={16} />}
            >
              {t('simulator.try-service-account')}
            </ButtonLink>
          )
        }
      />
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <About account={account} />
          <AttachedPolicies
            key={account.policies.join()}
            policies={account.policies}
            text={t('service-accounts.permissions-text')}
            mayAttach={mayAttach}
            error={update.error}
            pending={update.isPending}
            onSave={save}
          />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <InlinePolicies holder={holder} mayChange={mayAttach} />
          <Boundary key={account.boundary} holder={holder} boundary={account.boundary} mayChange={mayBound} />
        </SimpleGrid>
        <TrustedAccounts key={account.trustedAccounts.join()} account={account} />
        <Credentials account={account} />
      </Stack>
    </>
  );
}

function About({ account }: { account: ServiceAccountView }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('service-accounts.about')}>
      <Facts
        facts={[
          { label: t('service-accounts.client-id'), value: <Copyable value={account.id} label={t('action.copy')} /> },
          { label: 'ARN', value: <Copyable value={account.arn} label={t('action.copy')} /> },
          { label: 'vStorage user ID', value: <Copyable value={account.vstorageUserId} label={t('action.copy')} /> },
          {
            label: t('service-accounts.token-lasts'),
            value: t('service-accounts.minutes', { count: account.tokenLifespanSeconds / 60 }),
          },
          {
            label: t('service-accounts.last-used'),
            value: <DateTime iso={account.lastUsedAt} never={t('users.never')} />,
          },
          { label: t('service-accounts.secret-since'), value: <DateTime iso={account.secretChangedAt} /> },
          { label: t('projects.created'), value: <DateTime iso={account.createdAt} /> },
        ]}
      />
    </Panel>
  );
}

/** A new secret, a pause, the end. */
function Credentials({ account }: { account: ServiceAccountView }) {
  const { t } = useTranslation();
  const problem = useProblem();
  const navigate = useNavigate();
  const mayUpdate = useMay('vstorage:UpdateServiceAccount');
  const mayReset = useMay('vstorage:ResetServiceAccountSecret');
  const mayDelete = useMay('vstorage:DeleteServiceAccount');
  const [open, setOpen] = useState<'reset' | 'delete' | null>(null);
  const [created, setCreated] = useState<CreatedServiceAccount | null>(null);
  const reset = useResetSecret();
  const update = useUpdateServiceAccount();
  const undoable = useUndo();
  const active = account.status === 'active';
  const toggle = () =>
    update.mutate(
      { id: account.id, status: active ? 'disabled' : 'active' },
      {
        onSuccess: () =>
          undoable(
            t(active ? 'service-accounts.disabled-notice' : 'service-accounts.enabled-notice', { name: account.name }),
            () => update.mutateAsync({ id: account.id, status: account.status }),
          ),
        onError: problem.notify,
      },
    );
  const confirmReset = () =>
    reset.mutate(account.id, {
      onSuccess: (fresh) => {
        setOpen(null);
        setCreated(fresh);
      },
    });
  if (!mayUpdate && !mayReset && !mayDelete) return null;
  return (
    <Panel title={t('users.security')} text={t('service-accounts.security-text')}>
      <Group gap="xs">
        {mayReset && (
          <Button variant="default" leftSection={<IconKey size={16} />} onClick={() => setOpen('reset')}>
            {t('service-accounts.reset')}
          </Button>
        )}
        {mayUpdate && (
          <Button
            variant="default"
            loading={update.isPending}
            leftSection={active ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
            onClick={toggle}
          >
            {t(active ? 'action.disable' : 'action.enable')}
          </Button>
        )}
        {mayDelete && (
          <Button
            variant="default"
            c="var(--vs-red)"
            leftSection={<IconTrash size={16} />}
            onClick={() => setOpen('delete')}
          >
            {t('service-accounts.delete')}
          </Button>
        )}
      </Group>
      {open === 'reset' && (
        <ConfirmDialog
          title={t('service-accounts.reset')}
          action={t('service-accounts.reset')}
          error={reset.error}
          pending={reset.isPending}
          onConfirm={confirmReset}
          onClose={() => setOpen(null)}
        >
          {t('service-accounts.reset-text', { name: account.name })}
        </ConfirmDialog>
      )}
      {open === 'delete' && (
        <DeleteServiceAccounts
          accounts={[account]}
          onClose={() => setOpen(null)}
          onDeleted={() => void navigate({ to: '/service-accounts' })}
        />
      )}
      {created !== null && <ClientSecret created={created} onClose={() => setCreated(null)} />}
    </Panel>
  );
}
