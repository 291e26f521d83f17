import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

const SHOW_COPIED_MS = 1600;

/** Copies to the clipboard and says for a moment that it did. Never reports a copy that did not happen. */
export function useCopy(onCopied?: () => void) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOW_COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (value: string): void => {
    navigator.clipboard.writeText(value).then(
      () => {
        setCopied(true);
        onCopied?.();
      },
      () => notifications.show({ color: 'red', message: t('problems.clipboard') }),
    );
  };
  return { copied, copy };
}
