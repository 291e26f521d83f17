import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { policyQuery } from '../api/policies.ts';
import { DateTime } from '../components/date-time.tsx';
import { AnchorLink } from '../components/links.tsx';
import { Facts } from '../components/facts.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Panel } from '../components/panel.tsx';
import { PolicyDocument } from '../components/policies/policy-document.tsx';
import { PolicyType } from '../components/policies/policy-type.tsx';
import { usePolicyText } from '../hooks/use-policy-text.ts';

export function PolicyPage() {
  const { t } = useTranslation();
  const { name } = useSearch({ from: '/shell/policies/view' });
  const { data: policy } = useSuspenseQuery(policyQuery(name));
  const describe = usePolicyText();
  return (
    <>
      <PageHeader
        title={policy.name}
        parent={{ label: t('policies.title'), to: '/policies' }}
        badge={<PolicyType type={policy.type} />}
        description={describe(policy)}
      />
      <Stack gap="lg">
        <PolicyDocument key={policy.name} policy={policy} />
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <Panel title={t('policies.attached')}>
            {policy.attachedTo.length === 0 ? (
              <Text size="sm" c="dimmed">
                {t('policies.attached-none')}
              </Text>
            ) : (
              <Group gap="sm">
                {policy.attachedTo.map((user) => (
                  <AnchorLink key={user.id} to="/users/$userId" params={{ userId: user.id }} size="sm">
                    {user.name}
                  </AnchorLink>
                ))}
              </Group>
            )}
          </Panel>
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
        </SimpleGrid>
      </Stack>
    </>
  );
}
