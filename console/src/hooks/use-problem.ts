import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { ApiError, UnreachableError } from '../api/request.ts';

export type ProblemText = { message: string; requestId: string | null };

/** Says in the reader's language what went wrong; a code without a translation falls back to the server's own words. */
export function useProblem() {
  const { t, i18n } = useTranslation();
  const describe = (error: unknown): ProblemText => {
    if (error instanceof UnreachableError) return { message: t('problems.unreachable'), requestId: null };
    if (!(error instanceof ApiError)) return { message: t('problems.unexpected'), requestId: null };
    const { code, detail, requestId, retryAfterSeconds, errors } = error.problem;
    const key = `problems.codes.${code}`;
    const minutes = Math.ceil((retryAfterSeconds ?? 60) / 60);
    const inputs = errors?.map((input) => input.message).join(' ');
    const own = inputs !== undefined && inputs !== '' && !detail.includes(inputs) ? `${detail} ${inputs}` : detail;
    return {
      message: i18n.exists(key) ? t(key as 'problems.codes.forbidden', { minutes }) : own,
      requestId: error.problem.status >= 500 ? requestId : null,
    };
  };
  const notify = (error: unknown): void => {
    notifications.show({ color: 'red', title: t('problems.title'), message: describe(error).message, autoClose: 8000 });
  };
  return { describe, notify };
}

/** The first complaint about one input, if the server made one. */
export function fieldProblem(error: unknown, field: string): string | null {
  if (!(error instanceof ApiError)) return null;
  return error.problem.errors?.find((input) => input.field === field)?.message ?? null;
}
