import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { S3KeyView } from '../../../../src/console-api/contract.ts';
import { useUpdateS3Key } from '../../api/s3-keys.ts';
import { expiryOf, expiryTime } from '../../expiry.ts';
import { limitOf, restrictionOf } from '../../key-limit.ts';
import { ProblemNotice } from '../problem-notice.tsx';
import { ExpirySelect } from './expiry-select.tsx';
import { LimitKey } from './limit-key.tsx';
import { Modal } from '../dialog.tsx';

type Props = { projectId: string; s3Key: S3KeyView; onClose: () => void };

export function EditKey({ projectId, s3Key, onClose }: Props) {
  const { t } = useTranslation();
  const [description, setDescription] = useState(s3Key.description);
  const [expiry, setExpiry] = useState(expiryOf(s3Key.expiresAt));
  const [limit, setLimit] = useState(() => limitOf(s3Key.restriction, new Date().getTimezoneOffset()));
  const update = useUpdateS3Key(projectId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const before = expiryOf(s3Key.expiresAt);
    const untouched = before.choice === expiry.choice && before.local === expiry.local;
    const expiresAt = untouched ? s3Key.expiresAt : expiryTime(expiry, Date.now());
    if (expiresAt === undefined) return;
    const restriction = restrictionOf(limit);
    update.mutate({ id: s3Key.id, description: description.trim(), expiresAt, restriction }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={t('keys.edit-title')} size="lg">
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" c="dimmed" className="mono">
            {s3Key.accessKey}
          </Text>
          <ProblemNotice error={update.error} />
          <TextInput
            label={t('keys.description')}
            maxLength={256}
            data-autofocus
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <ExpirySelect value={expiry} onChange={setExpiry} />
          <LimitKey projectId={projectId} value={limit} onChange={setLimit} />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" loading={update.isPending}>
              {t('action.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
