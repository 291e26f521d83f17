import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCopy } from '../hooks/use-copy.ts';

type Props = {
  value: string;
  /** what is copied, for screen readers: "Copy access key" */
  label: string;
  /** set: a button with this text instead of an icon */
  text?: string;
  onCopied?: () => void;
};

export function CopyButton({ value, label, text, onCopied }: Props) {
  const { t } = useTranslation();
  const { copied, copy } = useCopy(onCopied);
  const icon = copied ? <IconCheck size={15} stroke={1.75} /> : <IconCopy size={15} stroke={1.75} />;
  if (text !== undefined) {
    return (
      <Button variant="default" leftSection={icon} onClick={() => copy(value)} aria-label={label}>
        {copied ? t('action.copied') : text}
      </Button>
    );
  }
  return (
    <Tooltip label={copied ? t('action.copied') : label}>
      <ActionIcon
        size={26}
        {...(copied ? { c: 'var(--vs-accent-ink)' } : {})}
        onClick={() => copy(value)}
        aria-label={label}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
