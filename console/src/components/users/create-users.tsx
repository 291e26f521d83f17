// One or several users at once; they share the first password and the policies.
import { Button, Group, Stack, TagsInput, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.ts';
import { useCreateUsers } from '../../api/users.ts';
import { meetsRules } from '../../password.ts';
import { PolicyPicker } from '../policies/policy-picker.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { NewPassword } from './new-password.tsx';
import { Drawer } from '../dialog.tsx';

export function CreateUsers({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer opened={opened} onClose={onClose} title={t('users.create')}>
      <Form onClose={onClose} />
    </Drawer>
  );
}

// Keyboards of phones and pasted lists bring separators along inside one value.
const separate = (names: string[]): string[] => [
  ...new Set(names.flatMap((name) => name.split(/[\s,;]+/)).filter((name) => name !== '')),
];

const USERNAME = /^[A-Za-z0-9._-]{5,50}$/;

function Form({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [usernames, setUsernames] = useState<string[]>([]);
  const [password, setPassword] = useState('');
  const [policies, setPolicies] = useState<string[]>([]);
  const rules = useSession().passwordRules.users;
  const create = useCreateUsers();
  const wrong = usernames.filter((name) => !USERNAME.test(name));
  const ready = usernames.length > 0 && wrong.length === 0 && meetsRules(password, rules);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { usernames, password, policies },
      {
        onSuccess: ({ items }) => {
          const names = items.map((user) => user.username).join(', ');
          notifications.show({ message: t('users.created-notice', { count: items.length, names }) });
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <ProblemNotice error={create.error} />
        <TagsInput
          label={t('users.usernames')}
          description={t('users.username-rule')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={usernames.length === 0 ? t('users.usernames-hint') : ''}
          splitChars={[',', ' ', ';', '\n']}
          acceptValueOnBlur
          clearable
          maxTags={20}
          data-autofocus
          value={usernames}
          onChange={(names) => setUsernames(separate(names))}
          error={wrong.length > 0 ? t('users.username-wrong', { name: wrong[0] ?? '' }) : null}
        />
        <NewPassword value={password} onChange={setPassword} />
        <PolicyPicker value={policies} onChange={setPolicies} />
        <Text size="sm" c="dimmed">
          {t('users.create-text')}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!ready} loading={create.isPending}>
            {t('users.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
