import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { ApiError, UnreachableError } from '../api/request.ts';
import { queryClient } from '../api/query-client.ts';
import { sessionQuery } from '../api/session.ts';
import { PasskeyError } from '../passkey.ts';

/** `explained`: why it was refused can be looked up by the id */
export type ProblemText = { message: string; requestId: string | null; explained: boolean };

const unknownText = (message: string): ProblemText => ({ message, requestId: null, explained: false });

const isSignedIn = (): boolean => queryClient.getQueryData(sessionQuery.queryKey)?.pending === null;

/** Says in the reader's language what went wrong; a code without a translation falls back to the server's own words. */
export function useProblem() {
  const { t, i18n } = useTranslation();
  const describe = (error: unknown): ProblemText => {
    if (error instanceof UnreachableError) return unknownText(t('problems.unreachable'));
    if (error instanceof PasskeyError) return unknownText(t(`passkey.${error.reason}`));
    if (!(error instanceof ApiError)) return unknownText(t('problems.unexpected'));
    const { code, detail, requestId, retryAfterSeconds, status } = error.problem;
    const minutes = Math.ceil((retryAfterSeconds ?? 60) / 60);
    const own = i18n.exists(code, { ns: 'codes' }) ? t(code, { ns: 'codes', minutes }) : detail;
    // the server keeps why it refused, for whoever was refused and for those who may see all; a fault of its own, in the log
    const explained = status === 403 && requestId !== '' && isSignedIn();
    return { message: own, requestId: status >= 500 || explained ? requestId : null, explained };
  };
  const notify = (error: unknown): void => {
    notifications.show({ color: 'red', title: t('problems.title'), message: describe(error).message, autoClose: 8000 });
  };
  return { describe, notify };
}
