import { Button, Group, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconScale, IconTrash } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Holder } from '../api/holders.ts';
import { type RoleView, roleQuery, useSetRolePolicies, useUpdateRole } from '../api/roles.ts';
import { useMay } from '../api/session.ts';
import { Copyable } from '../components/copyable.tsx';
import { DateTime } from '../components/date-time.tsx';
import { Facts } from '../components/facts.tsx';
import { Boundary } from '../components/holders/boundary.tsx';
import { InlinePolicies } from '../components/holders/inline-policies.tsx';
import { Tags } from '../components/holders/tags.tsx';
import { ButtonLink } from '../components/links.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Panel } from '../components/panel.tsx';
import { AttachedPolicies } from '../components/policies/attached-policies.tsx';
import { PolicyBuilder } from '../components/policies/policy-builder.tsx';
import { PolicyEditor } from '../components/policies/policy-editor.tsx';
import { ProblemNotice } from '../components/problem-notice.tsx';
import { DeleteRoles } from '../components/roles/delete-roles.tsx';
import { RoleSessions } from '../components/roles/role-sessions.tsx';
import { SessionHours } from '../components/roles/session-hours.tsx';

export function RolePage() {
  const { t } = useTranslation();
  const { roleId } = useParams({ from: '/shell/roles/$roleId' });
  const { data: role } = useSuspenseQuery(roleQuery(roleId));
  const navigate = useNavigate();
  const mayDelete = useMay('vstorage:DeleteRole');
  const mayTry = useMay('vstorage:GetPolicy');
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <PageHeader
        title={role.name}
        description={role.description}
        parent={{ label: t('roles.title'), to: '/roles' }}
        actions={
          <>
            {mayTry && (
              <ButtonLink
                to="/simulator"
                search={{ role: role.id }}
                variant="default"
                leftSection={<IconScale size={16} />}
              >
                {t('simulator.try-role')}
              </ButtonLink>
            )}
            {mayDelete && (
              <Button
                variant="default"
                c="var(--vs-red)"
                leftSection={<IconTrash size={16} />}
                onClick={() => setDeleting(true)}
              >
                {t('action.delete')}
              </Button>
            )}
          </>
        }
      />
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <About role={role} />
          <Policies key={role.policies.join()} role={role} />
        </SimpleGrid>
        <Trust key={role.trustPolicy} role={role} />
        <RoleSessions role={role} />
        <Rest role={role} />
      </Stack>
      {deleting && (
        <DeleteRoles
          roles={[role]}
          onClose={() => setDeleting(false)}
          onDeleted={() => void navigate({ to: '/roles' })}
        />
      )}
    </>
  );
}

function About({ role }: { role: RoleView }) {
  const { t } = useTranslation();
  const mayUpdate = useMay('vstorage:UpdateRole');
  const [description, setDescription] = useState(role.description);
  const [seconds, setSeconds] = useState(role.maxSessionSeconds);
  const update = useUpdateRole(role.id);
  const changed = description !== role.description || seconds !== role.maxSessionSeconds;
  const save = () =>
    update.mutate(
      { description, maxSessionSeconds: seconds },
      { onSuccess: () => notifications.show({ message: t('roles.saved-notice', { name: role.name }) }) },
    );
  return (
    <Panel title={t('project.details')}>
      <Stack>
        <Facts
          facts={[
            { label: 'ARN', value: <Copyable value={role.arn} label={t('action.copy')} small /> },
            { label: t('projects.created'), value: <DateTime iso={role.createdAt} /> },
            { label: t('keys.last-used'), value: <DateTime iso={role.lastUsedAt} never={t('users.never')} /> },
          ]}
        />
        {mayUpdate && (
          <>
            <ProblemNotice error={update.error} />
            <TextInput
              label={t('keys.description')}
              maxLength={1000}
              value={description}
              onChange={(event) => setDescription(event.currentTarget.value)}
            />
            <SessionHours value={seconds} onChange={setSeconds} />
            <Group justify="flex-end">
              <Button disabled={!changed} loading={update.isPending} onClick={save}>
                {t('action.save')}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Panel>
  );
}

function Policies({ role }: { role: RoleView }) {
  const { t } = useTranslation();
  const update = useSetRolePolicies(role.id);
  return (
    <AttachedPolicies
      policies={role.policies}
      text={t('roles.permissions-text')}
      mayAttach={useMay('vstorage:AttachRolePolicy')}
      error={update.error}
      pending={update.isPending}
      onSave={(names) =>
        update.mutate(names, {
          onSuccess: () => notifications.show({ message: t('roles.saved-notice', { name: role.name }) }),
        })
      }
    />
  );
}

function Trust({ role }: { role: RoleView }) {
  const { t } = useTranslation();
  const mayUpdate = useMay('vstorage:UpdateRole');
  const [text, setText] = useState(role.trustPolicy);
  const [faulty, setFaulty] = useState(false);
  const update = useUpdateRole(role.id);
  const save = () =>
    update.mutate(
      { trustPolicy: text },
      { onSuccess: () => notifications.show({ message: t('roles.saved-notice', { name: role.name }) }) },
    );
  return (
    <Panel title={t('roles.trust')} text={t('roles.trust-text')}>
      {mayUpdate ? (
        <Stack>
          <ProblemNotice error={update.error} />
          <PolicyBuilder
            kind="trust"
            value={text}
            onChange={(next, fault) => {
              setText(next);
              setFaulty(fault);
            }}
          />
          <Group justify="flex-end">
            <Button disabled={text === role.trustPolicy || faulty} loading={update.isPending} onClick={save}>
              {t('action.save')}
            </Button>
          </Group>
        </Stack>
      ) : (
        <PolicyEditor value={role.trustPolicy} />
      )}
    </Panel>
  );
}

function Rest({ role }: { role: RoleView }) {
  const holder: Holder = { base: 'roles', id: role.id, name: role.name };
  const mayAttach = useMay('vstorage:AttachRolePolicy');
  const mayBound = useMay('vstorage:SetRoleBoundary');
  const mayUpdate = useMay('vstorage:UpdateRole');
  const update = useUpdateRole(role.id);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <InlinePolicies holder={holder} mayChange={mayAttach} />
      <Boundary key={role.boundary} holder={holder} boundary={role.boundary} mayChange={mayBound} />
      <Tags
        key={JSON.stringify(role.tags)}
        tags={role.tags}
        mayChange={mayUpdate}
        error={update.error}
        pending={update.isPending}
        onSave={(tags, onSuccess) => update.mutate({ tags }, { onSuccess })}
      />
    </SimpleGrid>
  );
}
