import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconWand } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.ts';
import { generatePassword } from '../../password.ts';
import { CopyButton } from '../copy-button.tsx';
import { PasswordRules } from '../password-rules.tsx';

type Props = { value: string; onChange: (password: string) => void };

/** A password for somebody else: typed or generated; a generated one is shown, because it must be passed on. */
export function NewPassword({ value, onChange }: Props) {
  const { t } = useTranslation();
  const rules = useSession().passwordRules.users;
  const [visible, { toggle, open }] = useDisclosure();
  const generate = () => {
    onChange(generatePassword(rules.minLength));
    open();
  };
  return (
    <Stack gap="xs">
      <PasswordInput
        data-autofocus
        label={t('users.password')}
        autoComplete="new-password"
        visible={visible}
        onVisibilityChange={toggle}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button size="xs" variant="default" leftSection={<IconWand size={15} />} onClick={generate}>
          {t('users.generate-password')}
        </Button>
        {value !== '' && <CopyButton value={value} label={t('users.copy-password')} />}
      </Group>
      <PasswordRules password={value} rules={rules} />
    </Stack>
  );
}
