import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectView, SystemMetadataView } from '../../../../../src/console-api/contract/objects.ts';
import { bucketQuery, storageOptionsQuery } from '../../../api/buckets.ts';
import { isTask, type Place, useSetMetadata } from '../../../api/objects.ts';
import { noteTask } from '../../../api/tasks.ts';
import { openActivity } from '../../../objects/activity.ts';
import { announceChange } from '../../../objects/changes.ts';
import { ProblemNotice } from '../../problem-notice.tsx';
import { newPair, Pairs } from './pairs.tsx';
import { systemFields } from './system-fields.ts';

const MOST = 50;

type Props = { place: Place; object: ObjectView; onDone: () => void };

/** Names that HTTP can carry, in lower case as they are stored. */
const nameOf = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/^x-amz-meta-/, '');

export function MetadataForm({ place, object, onDone }: Props) {
  const { t } = useTranslation();
  const [system, setSystem] = useState<SystemMetadataView>(object.system);
  const [pairs, setPairs] = useState(() =>
    Object.entries(object.metadata).map(([name, value]) => newPair(name, value)),
  );
  const [storageClass, setClass] = useState(object.storageClass);
  const options = useQuery(storageOptionsQuery(place.projectId)).data;
  const bucket = useQuery(bucketQuery(place.projectId, place.bucket)).data;
  const set = useSetMetadata(place);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const metadata = Object.fromEntries(
      pairs.filter(({ name }) => name !== '').map(({ name, value }) => [nameOf(name), value]),
    );
    const given = Object.fromEntries(Object.entries(system).filter(([, value]) => value !== ''));
    set.mutate(
      { name: { key: object.key }, body: { system: given, metadata, storageClass } },
      {
        onSuccess: (answer) => {
          if (isTask(answer)) {
            noteTask(place.projectId, answer);
            openActivity(place.projectId);
          }
          announceChange(place);
          onDone();
        },
      },
    );
  };
  return (
    <form onSubmit={save}>
      <Stack gap="sm">
        {systemFields.map(({ field, header, example }) => (
          <TextInput
            key={field}
            label={header}
            placeholder={example}
            value={system[field] ?? ''}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setSystem((now) => ({ ...now, [field]: value }));
            }}
          />
        ))}
        <Text size="sm" fw={550}>
          {t('objects.own-metadata')}
        </Text>
        <Pairs
          pairs={pairs}
          onChange={setPairs}
          nameLabel={t('objects.metadata-name')}
          valueLabel={t('objects.metadata-value')}
          addLabel={t('objects.add-metadata')}
          most={MOST}
        />
        <Select
          label={t('bucket.class')}
          allowDeselect={false}
          data={options === undefined ? [storageClass] : options.storageClasses.map(({ name }) => name)}
          value={storageClass}
          onChange={(value) => setClass(value ?? storageClass)}
        />
        <Text size="sm" c="dimmed">
          {t(bucket?.versioning === 'enabled' ? 'objects.metadata-new-version' : 'objects.metadata-replaces')}
        </Text>
        <ProblemNotice error={set.error} />
        <Group justify="flex-end" gap="xs">
          <Button size="xs" variant="default" onClick={onDone}>
            {t('action.cancel')}
          </Button>
          <Button size="xs" type="submit" loading={set.isPending}>
            {t('action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
