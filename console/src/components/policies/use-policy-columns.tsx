import { Text } from '@mantine/core';
import { AnchorLink } from '../links.tsx';
import { useTranslation } from 'react-i18next';
import type { PolicySummary } from '../../../../src/console-api/contract.ts';
import { usePolicyText } from '../../hooks/use-policy-text.ts';
import { DateTime } from '../date-time.tsx';
import type { Column } from '../table/column.ts';
import { PolicyType } from './policy-type.tsx';

export function usePolicyColumns(): Column<PolicySummary>[] {
  const { t } = useTranslation();
  const describe = usePolicyText();
  return [
    {
      key: 'name',
      header: t('policies.name'),
      sort: (policy) => policy.name,
      cell: (policy) => (
        <>
          <AnchorLink to="/policies/view" search={{ name: policy.name }} fw={600} c="var(--vs-ink)">
            {policy.name}
          </AnchorLink>
          <Text size="sm" c="dimmed" lineClamp={2}>
            {describe(policy)}
          </Text>
        </>
      ),
    },
    {
      key: 'type',
      header: t('policies.type'),
      width: 130,
      sort: (policy) => `${policy.type} ${policy.name}`,
      cell: (policy) => <PolicyType type={policy.type} />,
    },
    {
      key: 'usage',
      header: t('policies.usage'),
      width: 130,
      sort: (policy) => policy.usageCount,
      cell: (policy) => <span className="num">{t('policies.users', { count: policy.usageCount })}</span>,
    },
    {
      key: 'updated',
      header: t('policies.updated'),
      width: 170,
      sort: (policy) => policy.updatedAt ?? '',
      cell: (policy) => <DateTime iso={policy.updatedAt} />,
    },
  ];
}
