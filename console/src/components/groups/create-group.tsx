import { Button, Group, MultiSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCreateGroup } from '../../api/groups.ts';
import { usersQuery } from '../../api/users.ts';
import { Drawer } from '../dialog.tsx';
import { PolicyPicker } from '../policies/policy-picker.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

export function CreateGroup({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer opened={opened} onClose={onClose} title={t('groups.create')}>
      <Form onClose={onClose} />
    </Drawer>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [policies, setPolicies] = useState<string[]>([]);
  const [members, setMembers] = useState<string[]>([]);
  const users = useQuery(usersQuery);
  const create = useCreateGroup();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { name: name.trim(), description: description.trim(), policies, members },
      {
        onSuccess: (group) => {
          notifications.show({ message: t('groups.created-notice', { name: group.name }) });
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <ProblemNotice error={create.error} />
        <TextInput
          label={t('groups.name')}
          maxLength={128}
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
        <MultiSelect
          label={t('groups.members')}
          placeholder={members.length === 0 ? t('groups.pick-members') : ''}
          searchable
          hidePickedOptions
          nothingFoundMessage={t('table.nothing-found')}
          data={(users.data ?? []).map(({ id, username }) => ({ value: id, label: username }))}
          value={members}
          onChange={setMembers}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === ''} loading={create.isPending}>
            {t('groups.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
