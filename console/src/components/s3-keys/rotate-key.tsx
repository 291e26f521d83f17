import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CreatedS3Key, ProjectView, S3KeyView } from '../../../../src/console-api/contract.ts';
import { rotateS3Key } from '../../api/s3-keys.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { SecretDialog } from './secret-dialog.tsx';

type Props = { project: ProjectView; s3Key: S3KeyView; onClose: () => void };

/** In seconds; the server takes up to seven days. */
const overlaps = ['0', '3600', '86400', '604800'] as const;

export function RotateKey({ project, s3Key, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <SecretDialog
      project={project}
      title={t('rotate.title')}
      onClose={onClose}
      form={(onCreated) => <RotateForm project={project} s3Key={s3Key} onCreated={onCreated} onClose={onClose} />}
    />
  );
}

function RotateForm({ project, s3Key, onCreated, onClose }: Props & { onCreated: (created: CreatedS3Key) => void }) {
  const { t } = useTranslation();
  const [overlap, setOverlap] = useState<string>('86400');
  const [state, setState] = useState<{ pending: boolean; error: unknown }>({ pending: false, error: null });
  const rotate = async (event: FormEvent) => {
    event.preventDefault();
    setState({ pending: true, error: null });
    try {
      onCreated(await rotateS3Key(project.id, s3Key.id, { overlapSeconds: Number(overlap) }));
    } catch (error) {
      setState({ pending: false, error });
    }
  };
  return (
    <form onSubmit={(event) => void rotate(event)}>
      <Stack>
        <Text size="sm" className="mono">
          {s3Key.accessKey}
        </Text>
        <Text c="dimmed" size="sm">
          {t('rotate.text')}
        </Text>
        <ProblemNotice error={state.error} />
        <Select
          label={t('rotate.overlap')}
          description={t(overlap === '0' ? 'rotate.at-once-text' : 'rotate.overlap-text')}
          allowDeselect={false}
          data-autofocus
          data={overlaps.map((seconds) => ({ value: seconds, label: t(`rotate.${seconds}`) }))}
          value={overlap}
          onChange={(value) => setOverlap(value ?? '86400')}
        />
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={state.pending}>
            {t('rotate.action')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
