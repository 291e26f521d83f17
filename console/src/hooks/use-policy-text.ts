import { useTranslation } from 'react-i18next';
import type { PolicySummary } from '../../../src/console-api/contract.ts';

/** Managed policies are described in the reader's language, custom ones in their author's words. */
export function usePolicyText() {
  const { t } = useTranslation();
  return (policy: Pick<PolicySummary, 'name' | 'description'>): string => {
    if (policy.name === 'vStorageFullAccess') return t('policies.full-access');
    if (policy.name === 'vStorageReadOnlyAccess') return t('policies.read-only');
    return policy.description;
  };
}
