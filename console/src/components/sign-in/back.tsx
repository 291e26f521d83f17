import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../links.tsx';
import classes from './sign-in.module.css';

const look = {
  variant: 'subtle',
  color: 'gray',
  className: classes['back'] ?? '',
  leftSection: <IconArrowLeft size={16} />,
} as const;

export function Back({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button {...look} onClick={onClick}>
      {label}
    </Button>
  );
}

export function BackToSignIn() {
  const { t } = useTranslation();
  return (
    <ButtonLink {...look} to="/signin">
      {t('sign-in.back')}
    </ButtonLink>
  );
}
