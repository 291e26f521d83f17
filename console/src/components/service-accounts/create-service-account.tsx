import { Button, Group, NumberInput, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CreatedServiceAccount, useCreateServiceAccount } from '../../api/service-accounts.ts';
import { Drawer } from '../dialog.tsx';
import { PolicyPicker } from '../policies/policy-picker.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

type Props = { opened: boolean; onClose: () => void; onCreated: (created: CreatedServiceAccount) => void };

const DEFAULT_LIFESPAN_MINUTES = 30;

export function CreateServiceAccount({ opened, onClose, onCreated }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer opened={opened} onClose={onClose} title={t('service-accounts.create')}>
      <Form onClose={onClose} onCreated={onCreated} />
    </Drawer>
  );
}

function Form({ onClose, onCreated }: Omit<Props, 'opened'>) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [policies, setPolicies] = useState<string[]>([]);
  const [minutes, setMinutes] = useState<number | string>(DEFAULT_LIFESPAN_MINUTES);
  const [trustedAccounts, setTrusted] = useState<string[]>([]);
  const create = useCreateServiceAccount();
  const ready = /^[A-Za-z0-9._ -]{1,50}$/.test(name.trim()) && Number(minutes) >= 1;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      {
        name: name.trim(),
        description: description.trim(),
        policies,
        tokenLifespanSeconds: Number(minutes) * 60,
        trustedAccounts,
      },
      {
        onSuccess: (created) => {
          onClose();
          onCreated(created);
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <ProblemNotice error={create.error} />
        <TextInput
          label={t('service-accounts.name')}
          description={t('service-accounts.name-rule')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          maxLength={50}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={t('keys.description')}
          maxLength={1000}
          autosize
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <PolicyPicker value={policies} onChange={setPolicies} />
        <NumberInput
          label={t('service-accounts.lifespan')}
          description={t('service-accounts.lifespan-text')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          min={1}
          max={1440}
          allowDecimal={false}
          value={minutes}
          onChange={setMinutes}
        />
        <TagsInput
          label={t('service-accounts.trusted')}
          description={t('service-accounts.trusted-text')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={trustedAccounts.length === 0 ? '123456789012' : ''}
          value={trustedAccounts}
          onChange={setTrusted}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={create.isPending}>
            {t('service-accounts.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
