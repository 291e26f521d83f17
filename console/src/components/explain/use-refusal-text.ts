import { useTranslation } from 'react-i18next';
import type { RefusalSummary } from '../../api/refusals.ts';

/** The server sends codes; the words are the reader's. */
export function useRefusalText() {
  const { t, i18n } = useTranslation();
  const say = (key: string, facts: Readonly<Record<string, string>>, otherwise: string): string =>
    t(key, { ...facts, defaultValue: otherwise });
  return {
    cause: ({ cause, facts, message }: Pick<RefusalSummary, 'cause' | 'facts' | 'message'>): string =>
      say(`refusal.cause.${cause}`, facts, message),
    steps: ({ nextSteps, facts }: Pick<RefusalSummary, 'nextSteps' | 'facts'>): string[] =>
      nextSteps
        .map((step) => `refusal.step.${step}`)
        .filter((key) => i18n.exists(key))
        .map((key) => say(key, facts, '')),
  };
}
