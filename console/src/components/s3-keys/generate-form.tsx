import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CreatedS3Key, ProjectView } from '../../../../src/console-api/contract.ts';
import { createS3Key } from '../../api/s3-keys.ts';
import { useSession } from '../../api/session.ts';
import { expiryTime, noExpiry } from '../../expiry.ts';
import { limitOf, restrictionOf } from '../../key-limit.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { ExpirySelect } from './expiry-select.tsx';
import { LimitKey } from './limit-key.tsx';

type Props = { project: ProjectView; onCreated: (created: CreatedS3Key) => void; onCancel: () => void };

export function GenerateForm({ project, onCreated, onCancel }: Props) {
  const { t } = useTranslation();
  const { identity } = useSession();
  const [description, setDescription] = useState('');
  const [expiry, setExpiry] = useState(noExpiry);
  const [limit, setLimit] = useState(() => limitOf(null, new Date().getTimezoneOffset()));
  const [state, setState] = useState<{ pending: boolean; error: unknown }>({ pending: false, error: null });
  const generate = async (event: FormEvent) => {
    event.preventDefault();
    const expiresAt = expiryTime(expiry, Date.now());
    if (expiresAt === undefined) return;
    setState({ pending: true, error: null });
    try {
      const restriction = restrictionOf(limit);
      onCreated(await createS3Key(project.id, { description: description.trim(), expiresAt, restriction }));
    } catch (error) {
      setState({ pending: false, error });
    }
  };
  return (
    <form onSubmit={(event) => void generate(event)}>
      <Stack>
        <Text c="dimmed" size="sm">
          {t(identity.type === 'root' ? 'keys.rights-root' : 'keys.rights-user', { project: project.name })}
        </Text>
        <ProblemNotice error={state.error} />
        <TextInput
          label={t('keys.description')}
          placeholder={t('keys.description-example')}
          description={t('action.optional')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          maxLength={256}
          data-autofocus
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <ExpirySelect value={expiry} onChange={setExpiry} />
        <LimitKey projectId={project.id} value={limit} onChange={setLimit} />
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onCancel}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={state.pending}>
            {t('keys.generate')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
