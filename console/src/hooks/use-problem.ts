import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { ApiError, UnreachableError } from '../api/request.ts';
import { PasskeyError } from '../passkey.ts';

export type ProblemText = { message: string; requestId: string | null };

/** Says in the reader's language what went wrong; a code without a translation falls back to the server's own words. */
export function useProblem() {
  const { t, i18n } = useTranslation();
  const describe = (error: unknown): ProblemText => {
    if (error instanceof UnreachableError) return { message: t('problems.unreachable'), requestId: null };
    if (error instanceof PasskeyError) return { message: t(`passkey.${error.reason}`), requestId: null };
    if (!(error instanceof ApiError)) return { message: t('problems.unexpected'), requestId: null };
    const { code, detail, requestId, retryAfterSeconds, status } = error.problem;
    const minutes = Math.ceil((retryAfterSeconds ?? 60) / 60);
    const own = i18n.exists(code, { ns: 'codes' }) ? t(code, { ns: 'codes', minutes }) : detail;
    return { message: own, requestId: status >= 500 ? requestId : null };
  };
  const notify = (error: unknown): void => {
    notifications.show({ color: 'red', title: t('problems.title'), message: describe(error).message, autoClose: 8000 });
  };
  return { describe, notify };
}
