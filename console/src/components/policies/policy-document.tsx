import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PolicyView } from '../../../../src/console-api/contract.ts';
import { policyVersionsQuery, useUpdatePolicy } from '../../api/policies.ts';
import { useMay } from '../../api/session.ts';
import { documentProblem } from '../../policy-problem.ts';
import { Notice } from '../notice.tsx';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { DeletePolicy } from './delete-policy.tsx';
import { PolicyBuilder } from './policy-builder.tsx';
import { PolicyEditor } from './policy-editor.tsx';

export function PolicyDocument({ policy }: { policy: PolicyView }) {
  const { t } = useTranslation();
  const mayUpdate = useMay('vstorage:UpdatePolicy') && policy.type === 'custom';
  if (mayUpdate) return <Editable policy={policy} />;
  return (
    <Panel title={t('policies.rules')} {...(policy.type === 'managed' ? { text: t('policies.managed-text') } : {})}>
      <PolicyEditor value={policy.document} />
    </Panel>
  );
}

function Editable({ policy }: { policy: PolicyView }) {
  const { t } = useTranslation();
  const mayDelete = useMay('vstorage:DeletePolicy');
  const [document, setDocument] = useState(policy.document);
  const [description, setDescription] = useState(policy.description);
  const [deleting, setDeleting] = useState(false);
  const [faulty, setFaulty] = useState(false);
  const versions = useQuery(policyVersionsQuery(policy.name)).data;
  const full = versions !== undefined && versions.items.length >= versions.limit && document !== policy.document;
  const update = useUpdatePolicy();
  const wrong = documentProblem(update.error);
  const changed = document !== policy.document || description !== policy.description;
  const save = () =>
    update.mutate(
      { name: policy.name, description, document, replaceOldest: full },
      { onSuccess: () => notifications.show({ message: t('policies.saved-notice', { name: policy.name }) }) },
    );
  return (
    <Panel title={t('policies.rules')} text={t('policies.rules-text')}>
      <Stack>
        {wrong === null && <ProblemNotice error={update.error} />}
        <TextInput
          label={t('keys.description')}
          maxLength={1000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <PolicyBuilder
          value={document}
          onChange={(text, fault) => {
            setDocument(text);
            setFaulty(fault);
            update.reset();
          }}
          problem={wrong}
        />
        {full && <Notice tone="warning">{t('versions.full', { max: versions.limit })}</Notice>}
        <Group justify="space-between">
          {mayDelete && (
            <Button variant="default" c="var(--vs-red)" onClick={() => setDeleting(true)}>
              {t('policies.delete')}
            </Button>
          )}
          <Group gap="sm">
            {changed && (
              <Text size="sm" c="dimmed">
                {t('policies.unsaved')}
              </Text>
            )}
            <Button disabled={!changed || faulty} loading={update.isPending} onClick={save}>
              {t('action.save')}
            </Button>
          </Group>
        </Group>
      </Stack>
      {deleting && <DeletePolicy policy={policy} onClose={() => setDeleting(false)} />}
    </Panel>
  );
}
