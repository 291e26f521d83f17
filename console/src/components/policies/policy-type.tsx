import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PolicySummary } from '../../../../src/console-api/contract.ts';

export function PolicyType({ type }: { type: PolicySummary['type'] }) {
  const { t } = useTranslation();
  return (
    <Badge variant={type === 'managed' ? 'light' : 'default'} radius="sm" tt="none" fw={550}>
      {t(`policies.${type}`)}
    </Badge>
  );
}
