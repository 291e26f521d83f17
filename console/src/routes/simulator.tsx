import { Button, Group, Stack, TagsInput, TextInput } from '@mantine/core';
import { IconPlayerPlay, IconScale } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { actionsQuery, useSimulate } from '../api/simulator.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Panel } from '../components/panel.tsx';
import { ProblemNotice } from '../components/problem-notice.tsx';
import { type Asker, AskerSelect } from '../components/simulator/asker-select.tsx';
import { type ConditionRow, ConditionsInput } from '../components/simulator/conditions-input.tsx';
import { DecisionList } from '../components/simulator/decision-list.tsx';

const MAX_ACTIONS = 20;

/** A key given twice has two values. */
function conditionsOf(rows: readonly ConditionRow[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { name, value } of rows) {
    if (name.trim() !== '') found[name.trim()] = [...(found[name.trim()] ?? []), value];
  }
  return found;
}

type Wanted = { user?: string; serviceAccount?: string; role?: string };

function askerOf({ user, serviceAccount, role }: Wanted): Asker | null {
  if (user !== undefined) return { type: 'user', user };
  if (serviceAccount !== undefined) return { type: 'service-account', serviceAccount };
  return role === undefined ? null : { type: 'role', role };
}

/** "May this user or key do that, and why": the answer of the function that decides real requests. */
export function SimulatorPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/shell/simulator' });
  const [asker, setAsker] = useState<Asker | null>(() => askerOf(search));
  const [actions, setActions] = useState<string[]>(['s3:GetObject']);
  const [resource, setResource] = useState('');
  const [conditions, setConditions] = useState<ConditionRow[]>([]);
  const known = useQuery(actionsQuery);
  const simulate = useSimulate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (asker === null) return;
    const common = { resource: resource.trim() === '' ? '*' : resource.trim(), conditions: conditionsOf(conditions) };
    simulate.mutate({ principal: asker, questions: actions.map((action) => ({ action, ...common })) });
  };
  return (
    <>
      <PageHeader title={t('simulator.title')} description={t('simulator.description')} />
      <Stack gap="lg">
        <Panel title={t('simulator.question')}>
          <form onSubmit={submit}>
            <Stack>
              <AskerSelect value={asker} onChange={setAsker} />
              <TagsInput
                label={t('simulator.actions')}
                placeholder={actions.length === 0 ? 's3:GetObject' : ''}
                data={(known.data ?? []).map(({ name }) => name)}
                maxTags={MAX_ACTIONS}
                limit={30}
                value={actions}
                onChange={setActions}
                acceptValueOnBlur
              />
              <TextInput
                label={t('simulator.resource')}
                description={t('simulator.resource-text')}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                placeholder="arn:aws:s3:::my-bucket/photos/cat.jpg"
                value={resource}
                maxLength={2048}
                onChange={(event) => setResource(event.currentTarget.value)}
              />
              <ConditionsInput rows={conditions} onChange={setConditions} />
              <Group justify="flex-end">
                <Button
                  type="submit"
                  loading={simulate.isPending}
                  disabled={asker === null || actions.length === 0}
                  leftSection={<IconPlayerPlay size={16} />}
                >
                  {t('simulator.ask')}
                </Button>
              </Group>
            </Stack>
          </form>
        </Panel>
        <Panel title={t('simulator.answer')} text={t('simulator.answer-text')}>
          <div aria-live="polite">
            <ProblemNotice error={simulate.error} />
            {simulate.data !== undefined && <DecisionList decisions={simulate.data.results} />}
            {simulate.data === undefined && simulate.error === null && (
              <EmptyState
                icon={<IconScale size={24} />}
                title={t('simulator.empty')}
                text={t('simulator.empty-text')}
              />
            )}
          </div>
        </Panel>
      </Stack>
    </>
  );
}
