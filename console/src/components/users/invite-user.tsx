import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useInviteUser } from '../../api/sign-in-settings.ts';
import { currentLanguage } from '../../i18n.ts';
import { Drawer } from '../dialog.tsx';
import { PolicyPicker } from '../policies/policy-picker.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

/** One user, who sets the own password with a mailed link: nobody else ever knows it. */
export function InviteUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [username, setUsername] = useState('');
  const [email, setEmail] = useState('');
  const [policies, setPolicies] = useState<string[]>([]);
  const invite = useInviteUser();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate(
      { username: username.trim(), email: email.trim(), policies, language: currentLanguage() },
      {
        onSuccess: () => {
          notifications.show({ message: t('invite.sent', { email: email.trim() }) });
          onClose();
        },
      },
    );
  };
  return (
    <Drawer opened onClose={onClose} title={t('invite.title')}>
      <form onSubmit={submit}>
        <Stack gap="lg">
          <ProblemNotice error={invite.error} />
          <TextInput
            label={t('users.username')}
            description={t('invite.username-rule')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autoComplete="off"
            data-autofocus
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <TextInput
            label={t('invite.email')}
            type="email"
            autoComplete="off"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PolicyPicker value={policies} onChange={setPolicies} />
          <Text size="sm" c="dimmed">
            {t('invite.text')}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={username.trim() === '' || email.trim() === ''} loading={invite.isPending}>
              {t('invite.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}
