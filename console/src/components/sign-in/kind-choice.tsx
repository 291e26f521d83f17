import { Stack, Text, UnstyledButton } from '@mantine/core';
import { IconChevronRight, IconShieldHalf, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './sign-in.module.css';

const kinds = [
  { kind: 'root', Icon: IconShieldHalf },
  { kind: 'iam', Icon: IconUser },
] as const;

export function KindChoice({ onChoose }: { onChoose: (kind: 'root' | 'iam') => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      {kinds.map(({ kind, Icon }) => (
        <UnstyledButton key={kind} className={classes['choice'] ?? ''} onClick={() => onChoose(kind)}>
          <span className={classes['choice-icon']}>
            <Icon size={22} aria-hidden="true" />
          </span>
          <span>
            <Text fw={600}>{t(`sign-in.${kind}.button`)}</Text>
            <Text size="sm" c="dimmed">
              {t(`sign-in.${kind}.hint`)}
            </Text>
          </span>
          <IconChevronRight size={18} className={classes['choice-arrow']} aria-hidden="true" />
        </UnstyledButton>
      ))}
    </Stack>
  );
}
