import { Button, Group, Paper, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { ButtonLink } from '../components/links.tsx';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { policyQuery, useCreatePolicy } from '../api/policies.ts';
import { PageHeader } from '../components/page-header.tsx';
import { PageSkeleton } from '../components/page-skeleton.tsx';
import { PolicyBuilder } from '../components/policies/policy-builder.tsx';
import { ProblemNotice } from '../components/problem-notice.tsx';
import { type TemplateName, templateNames, templates } from '../policy-draft.ts';
import { documentProblem } from '../policy-problem.ts';

/** With `?from=NAME`: a copy of that policy to begin with. */
export function PolicyCreatePage() {
  const { from } = useSearch({ from: '/shell/policies/create' });
  const original = useQuery({ ...policyQuery(from ?? ''), enabled: from !== undefined });
  if (from === undefined) return <CreateForm name="" description="" document={null} />;
  if (original.data === undefined)
    return original.error === null ? <PageSkeleton /> : <ProblemNotice error={original.error} />;
  const { name, description, document } = original.data;
  return <CreateForm name={`${name}-copy`.slice(0, 128)} description={description} document={document} />;
}

type Given = { name: string; description: string; document: string | null };

function CreateForm(given: Given) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [name, setName] = useState(given.name);
  const [description, setDescription] = useState(given.description);
  const [template, setTemplate] = useState<TemplateName>('read-bucket');
  const [document, setDocument] = useState(given.document ?? templates[template]);
  const [faulty, setFaulty] = useState(false);
  const create = useCreatePolicy();
  const wrong = documentProblem(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { name: name.trim(), description: description.trim(), document },
      {
        onSuccess: () => {
          notifications.show({ message: t('policies.created-notice', { name: name.trim() }) });
          void navigate({ to: '/policies' });
        },
      },
    );
  };
  return (
    <>
      <PageHeader title={t('policies.create')} parent={{ label: t('policies.title'), to: '/policies' }} />
      <Paper withBorder radius="lg" p="lg">
        <form onSubmit={submit}>
          <Stack>
            {wrong === null && <ProblemNotice error={create.error} />}
            <SimpleGrid cols={{ base: 1, sm: given.document === null ? 2 : 1 }}>
              <TextInput
                label={t('policies.name')}
                description={t('policies.name-rule')}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                maxLength={128}
                autoFocus
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              {given.document === null && (
                <Select
                  label={t('builder.template')}
                  allowDeselect={false}
                  data={templateNames.map((value) => ({ value, label: t(`builder.templates.${value}`) }))}
                  value={template}
                  onChange={(next) => {
                    const chosen = templateNames.find((one) => one === next) ?? 'read-bucket';
                    setTemplate(chosen);
                    setDocument(templates[chosen]);
                    setFaulty(false);
                  }}
                />
              )}
            </SimpleGrid>
            <TextInput
              label={t('keys.description')}
              maxLength={1000}
              value={description}
              onChange={(event) => setDescription(event.currentTarget.value)}
            />
            <PolicyBuilder
              key={template}
              value={document}
              onChange={(text, fault) => {
                setDocument(text);
                setFaulty(fault);
                create.reset();
              }}
              problem={wrong}
            />
            <Group justify="flex-end">
              <ButtonLink to="/policies" variant="default">
                {t('action.cancel')}
              </ButtonLink>
              <Button type="submit" disabled={name.trim() === '' || faulty} loading={create.isPending}>
                {t('policies.create')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </>
  );
}
