import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCreateRole } from '../../api/roles.ts';
import { useSession } from '../../api/session.ts';
import { type Trust, trustPolicyOf } from '../../role-trust.ts';
import { Drawer } from '../dialog.tsx';
import { PolicyBuilder } from '../policies/policy-builder.tsx';
import { PolicyPicker } from '../policies/policy-picker.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { SessionHours } from './session-hours.tsx';
import { TrustForm } from './trust-form.tsx';

export function CreateRole({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer opened onClose={onClose} size={640} title={t('roles.create')}>
      <Form onClose={onClose} />
    </Drawer>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { accountId } = useSession().identity;
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [trust, setTrust] = useState<Trust>({ kind: 'user', accountId, name: '', externalId: '' });
  const [written, setWritten] = useState<string | null>(null);
  const [faulty, setFaulty] = useState(false);
  const [seconds, setSeconds] = useState(3600);
  const [policies, setPolicies] = useState<string[]>([]);
  const create = useCreateRole();
  const named = written !== null || (trust.kind === 'account' ? /^\d{12}$/.test(trust.accountId) : trust.name !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      {
        name: name.trim(),
        description: description.trim(),
        trustPolicy: written ?? trustPolicyOf(trust),
        maxSessionSeconds: seconds,
        policies,
      },
      {
        onSuccess: ({ id }) => {
          notifications.show({ message: t('roles.created-notice', { name: name.trim() }) });
          void navigate({ to: '/roles/$roleId', params: { roleId: id } });
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <ProblemNotice error={create.error} />
        <TextInput
          label={t('roles.name')}
          maxLength={64}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('keys.description')}
          maxLength={1000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Select
          label={t('roles.trust')}
          allowDeselect={false}
          data={[
            { value: 'form', label: t('roles.trust-form') },
            { value: 'json', label: t('roles.trust-json') },
          ]}
          value={written === null ? 'form' : 'json'}
          onChange={(mode) => {
            setWritten(mode === 'json' ? trustPolicyOf(trust) : null);
            setFaulty(false);
          }}
        />
        {written === null ? (
          <TrustForm value={trust} onChange={setTrust} />
        ) : (
          <PolicyBuilder
            kind="trust"
            value={written}
            onChange={(text, fault) => {
              setWritten(text);
              setFaulty(fault);
            }}
          />
        )}
        <SessionHours value={seconds} onChange={setSeconds} />
        <PolicyPicker value={policies} onChange={setPolicies} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === '' || !named || faulty} loading={create.isPending}>
            {t('roles.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
