import { Button, Group, Paper, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { ButtonLink } from '../components/links.tsx';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCreatePolicy } from '../api/policies.ts';
import { PageHeader } from '../components/page-header.tsx';
import { PolicyEditor } from '../components/policies/policy-editor.tsx';
import { ProblemNotice } from '../components/problem-notice.tsx';
import { documentProblem } from '../policy-problem.ts';

const example = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:ListBucket", "s3:GetObject"],
      "Resource": ["arn:aws:s3:::my-bucket", "arn:aws:s3:::my-bucket/*"]
    }
  ]
}
`;

export function PolicyCreatePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [document, setDocument] = useState(example);
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
            <TextInput
              label={t('policies.name')}
              description={t('policies.name-rule')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              maxLength={128}
              maw={480}
              autoFocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <TextInput
              label={t('keys.description')}
              maxLength={1000}
              value={description}
              onChange={(event) => setDescription(event.currentTarget.value)}
            />
            <PolicyEditor value={document} onChange={setDocument} problem={wrong} />
            <Group justify="flex-end">
              <ButtonLink to="/policies" variant="default">
                {t('action.cancel')}
              </ButtonLink>
              <Button type="submit" disabled={name.trim() === ''} loading={create.isPending}>
                {t('policies.create')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </>
  );
}
