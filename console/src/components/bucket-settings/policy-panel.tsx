// The policy of the bucket, checked by the server while it is written.
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BucketPolicyView } from '../../../../src/console-api/contract/bucket-access.ts';
import {
  bucketPolicyQuery,
  type Place,
  policyCheckQuery,
  useDeletePolicy,
  useSavePolicy,
} from '../../api/bucket-settings.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { Notice } from '../notice.tsx';
import { Panel } from '../panel.tsx';
import { PolicyEditor } from '../policies/policy-editor.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { toText } from './json-text.ts';

const CHECK_AFTER_MS = 400;

export function PolicyPanel({ place }: { place: Place }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(bucketPolicyQuery(place));
  if (data !== undefined) return <Editor key={data.document} place={place} saved={data} />;
  return (
    <Panel title={t('bucket-settings.policy.title')}>
      {error === null ? <Skeleton h={200} /> : <ProblemNotice error={error} onRetry={() => void refetch()} />}
    </Panel>
  );
}

const example = (bucket: string): string =>
  toText({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'PublicRead',
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${bucket}/*`,
      },
    ],
  });

function Editor({ place, saved }: { place: Place; saved: BucketPolicyView }) {
  const { t } = useTranslation();
  const save = useSavePolicy(place);
  const remove = useDeletePolicy(place);
  const [text, setText] = useState(saved.document ?? '');
  const [asking, setAsking] = useState(false);
  const [settled] = useDebouncedValue(text, CHECK_AFTER_MS);
  const check = useQuery({
    ...policyCheckQuery(place, settled),
    enabled: settled.trim() !== '',
    placeholderData: keepPreviousData,
  }).data;
  const result = text.trim() === '' ? undefined : check;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(text, { onSuccess: () => notifications.show({ message: t('bucket-settings.saved') }) });
  };
  const problem = result?.problem == null ? null : { ...result.problem, column: result.problem.column ?? 1 };
  return (
    <Panel title={t('bucket-settings.policy.title')} text={t('bucket-settings.policy.text')}>
      <form onSubmit={submit}>
        <Stack>
          <PolicyEditor label={t('bucket-settings.document')} value={text} onChange={setText} problem={problem} />
          {text.trim() === '' && (
            <div>
              <Button variant="default" size="xs" onClick={() => setText(example(place.bucket))}>
                {t('bucket-settings.policy.example')}
              </Button>
            </div>
          )}
          {result?.isPublic === true && <Notice tone="warning">{t('bucket-settings.policy.public')}</Notice>}
          {result !== undefined && result.locksOut.length > 0 && (
            <Notice tone="danger">
              {t('bucket-settings.policy.locks-out', { actions: result.locksOut.join(', ') })}
            </Notice>
          )}
          {result !== undefined && result.problem === null && (
            <Text size="sm" c="dimmed" role="status">
              {t('bucket-settings.policy.valid')}
            </Text>
          )}
          <ProblemNotice error={save.error} />
          <Group justify="flex-end">
            {saved.document !== null && (
              <Button variant="default" onClick={() => setAsking(true)}>
                {t('bucket-settings.policy.delete')}
              </Button>
            )}
            <Button
              type="submit"
              disabled={text === (saved.document ?? '') || text.trim() === '' || problem !== null}
              loading={save.isPending}
            >
              {t('action.save')}
            </Button>
          </Group>
        </Stack>
      </form>
      {asking && (
        <ConfirmDialog
          title={t('bucket-settings.policy.delete')}
          action={t('action.delete')}
          error={remove.error}
          pending={remove.isPending}
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => setAsking(false) })}
          onClose={() => setAsking(false)}
        >
          {t('bucket-settings.policy.delete-text')}
        </ConfirmDialog>
      )}
    </Panel>
  );
}
