import { useTranslation } from 'react-i18next';
import type { PolicySummary } from '../../../src/console-api/contract.ts';

/** Managed policies are described in the reader's language, custom ones in their author's words. */
export function usePolicyText() {
  const { t, i18n } = useTranslation();
  return ({ name, type, description }: Pick<PolicySummary, 'name' | 'type' | 'description'>): string =>
    type === 'managed' && i18n.exists(name, { ns: 'policies' }) ? t(name, { ns: 'policies' }) : description;
}
