import { Text } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../copy-button.tsx';
import classes from './keys.module.css';

type Props = { label: string; value: string; copyLabel: string; onCopied?: () => void };

export function SecretRow({ label, value, copyLabel, onCopied }: Props) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className={classes['secret']} role="group" aria-labelledby={id}>
      <Text size="sm" fw={550} id={id}>
        {label}
      </Text>
      <div className={classes['secret-row']}>
        <code className={`mono ${classes['secret-value']}`}>{value}</code>
        <CopyButton
          value={value}
          label={copyLabel}
          text={t('action.copy')}
          {...(onCopied === undefined ? {} : { onCopied })}
        />
      </div>
    </div>
  );
}
