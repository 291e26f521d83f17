import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { queryClient } from '../api/query-client.ts';
import { probe, useReachable } from '../api/reachability.ts';
import { Notice } from './notice.tsx';

const PROBE_EVERY_MS = 3000;

/** Shown while the server does not answer; looks for it, and refreshes the page's data when it is back. */
export function UnreachableNotice() {
  const { t } = useTranslation();
  const reachable = useReachable();
  useEffect(() => {
    if (reachable) return;
    const look = async () => {
      if (await probe()) await queryClient.invalidateQueries();
    };
    const timer = setInterval(() => void look(), PROBE_EVERY_MS);
    return () => clearInterval(timer);
  }, [reachable]);
  if (reachable) return null;
  return (
    <Notice tone="warning" role="status" title={t('unreachable.title')}>
      {t('unreachable.text')}
    </Notice>
  );
}
