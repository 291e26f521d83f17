import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './users.module.css';

export function PolicyNames({ names }: { names: readonly string[] }) {
  const { t } = useTranslation();
  if (names.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('users.no-policies')}
      </Text>
    );
  }
  return (
    <span className={classes['names']}>
      {names.map((name) => (
        <span key={name} className={classes['name']}>
          {name}
        </span>
      ))}
    </span>
  );
}
