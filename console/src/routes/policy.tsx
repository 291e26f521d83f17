import { Stack } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { policyQuery } from '../api/policies.ts';
import { useMay } from '../api/session.ts';
import { DateTime } from '../components/date-time.tsx';
import { ButtonLink } from '../components/links.tsx';
import { Facts } from '../components/facts.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Panel } from '../components/panel.tsx';
import { PolicyDocument } from '../components/policies/policy-document.tsx';
import { PolicyUsage } from '../components/policies/policy-usage.tsx';
import { PolicyVersions } from '../components/policies/policy-versions.tsx';
import { PolicyType } from '../components/policies/policy-type.tsx';
import { usePolicyText } from '../hooks/use-policy-text.ts';

export function PolicyPage() {
  const { t } = useTranslation();
  const { name } = useSearch({ from: '/shell/policies/view' });
  const { data: policy } = useSuspenseQuery(policyQuery(name));
  const describe = usePolicyText();
  const mayCreate = useMay('vstorage:CreatePolicy');
  return (
    <>
      <PageHeader
        title={policy.name}
        parent={{ label: t('policies.title'), to: '/policies' }}
        badge={<PolicyType type={policy.type} />}
        description={describe(policy)}
        actions={
          mayCreate && (
            <ButtonLink
              to="/policies/create"
              search={{ from: policy.name }}
              variant="default"
              leftSection={<IconCopy size={16} />}
            >
              {t('policy-copy.action')}
            </ButtonLink>
          )
        }
      />
      <Stack gap="lg">
        <PolicyDocument key={`${policy.name} ${policy.defaultVersion}`} policy={policy} />
        <PolicyUsage policy={policy} />
        {policy.type === 'custom' && <PolicyVersions name={policy.name} />}
        {policy.type === 'custom' && (
          <Panel title={t('project.details')}>
            <Facts
              facts={[
                { label: t('projects.created'), value: <DateTime iso={policy.createdAt} /> },
                { label: t('policies.updated'), value: <DateTime iso={policy.updatedAt} /> },
              ]}
            />
          </Panel>
        )}
      </Stack>
    </>
  );
}
