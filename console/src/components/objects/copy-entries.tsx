import { Button, Group, Radio, Select, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bucketsQuery } from '../../api/buckets.ts';
import type { Place } from '../../api/objects.ts';
import { useCreateTask } from '../../api/tasks.ts';
import { openActivity } from '../../objects/activity.ts';
import type { Entry } from '../../objects/listing.ts';
import { nameOf } from '../../objects/names.ts';
import { keyOf } from '../../objects/rows.ts';
import { Modal } from '../dialog.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { FolderPicker } from './folder-picker.tsx';

type Props = {
  place: Place;
  kind: 'copy' | 'move';
  entries: readonly Entry[];
  prefix: string;
  onClose: () => void;
};

const itemOf = (entry: Entry, folder: string) => {
  const to = folder + nameOf(keyOf(entry));
  return entry.kind === 'prefix' ? { prefix: entry.prefix, to: `${to}/` } : { key: entry.key, to };
};

export function CopyEntries({ place, kind, entries, prefix, onClose }: Props) {
  const { t } = useTranslation();
  const buckets = useQuery(bucketsQuery(place.projectId)).data ?? [];
  const [bucket, setBucket] = useState(place.bucket);
  const [folder, setFolder] = useState(prefix);
  const [existing, setExisting] = useState<'replace' | 'keep'>('replace');
  const create = useCreateTask(place.projectId);
  const isSame = bucket === place.bucket && folder === prefix;
  const intoItself =
    bucket === place.bucket && entries.some((entry) => entry.kind === 'prefix' && folder.startsWith(entry.prefix));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const items = entries.map((entry) => itemOf(entry, folder));
    create.mutate(
      { kind, bucket: place.bucket, toBucket: bucket, items, existing },
      {
        onSuccess: () => {
          notifications.show({ message: t(kind === 'copy' ? 'objects.copying' : 'objects.moving') });
          openActivity(place.projectId);
          onClose();
        },
      },
    );
  };
  const [first] = entries;
  const name = first === undefined ? '' : nameOf(keyOf(first));
  const title = t(kind === 'copy' ? 'objects.copy-title' : 'objects.move-title', { count: entries.length, name });
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <form onSubmit={submit}>
        <Stack>
          <Select
            label={t('objects.to-bucket')}
            searchable
            allowDeselect={false}
            data={buckets.length === 0 ? [place.bucket] : buckets.map((one) => one.name)}
            value={bucket}
            onChange={(value) => {
              setBucket(value ?? place.bucket);
              setFolder('');
            }}
          />
          <FolderPicker place={{ projectId: place.projectId, bucket }} value={folder} onChange={setFolder} />
          <Radio.Group
            label={t('objects.existing')}
            value={existing}
            onChange={(value) => setExisting(value === 'keep' ? 'keep' : 'replace')}
          >
            <Stack gap="xs" mt={4}>
              <Radio value="replace" label={t('objects.existing-replace')} />
              <Radio value="keep" label={t('objects.existing-keep')} />
            </Stack>
          </Radio.Group>
          {(isSame || intoItself) && (
            <Text size="sm" c="var(--vs-amber)" role="status">
              {t(isSame ? 'objects.same-folder' : 'objects.into-itself')}
            </Text>
          )}
          <ProblemNotice error={create.error} />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={isSame || intoItself} loading={create.isPending}>
              {t(kind === 'copy' ? 'objects.copy-here' : 'objects.move-here')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
