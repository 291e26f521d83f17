import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectView } from '../../../../../src/console-api/contract/objects.ts';
import { type ObjectName, type Place, useSetTags } from '../../../api/objects.ts';
import { ProblemNotice } from '../../problem-notice.tsx';
import { newPair, type Pair, Pairs } from './pairs.tsx';
import { Section } from './section.tsx';
import classes from './details.module.css';

const MOST = 10;

type Props = { place: Place; name: ObjectName; object: ObjectView };

export function TagsPanel({ place, name, object }: Props) {
  const { t } = useTranslation();
  const [pairs, setPairs] = useState<Pair[] | null>(null);
  const { tags } = object;
  const set = useSetTags(place);
  if (tags === null) return null;
  const edit = () => setPairs(tags.map(({ key, value }) => newPair(key, value)));
  const save = () =>
    set.mutate(
      {
        name,
        body: {
          tags: (pairs ?? []).filter((pair) => pair.name !== '').map((pair) => ({ key: pair.name, value: pair.value })),
        },
      },
      { onSuccess: () => setPairs(null) },
    );
  return (
    <Section
      title={t('objects.tags')}
      action={
        pairs === null && object.rights.includes('tag') ? (
          <Button size="xs" variant="default" onClick={edit}>
            {t('objects.edit-tags')}
          </Button>
        ) : null
      }
    >
      {pairs === null ? (
        <Group gap={6}>
          {tags.map(({ key, value }) => (
            <span key={key} className={classes['tag']}>
              {key}: {value}
            </span>
          ))}
          {tags.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('objects.no-tags')}
            </Text>
          )}
        </Group>
      ) : (
        <>
          <Pairs
            pairs={pairs}
            onChange={setPairs}
            nameLabel={t('objects.tag-key')}
            valueLabel={t('objects.tag-value')}
            addLabel={t('objects.add-tag')}
            most={MOST}
          />
          <ProblemNotice error={set.error} />
          <Group justify="flex-end" gap="xs">
            <Button size="xs" variant="default" onClick={() => setPairs(null)}>
              {t('action.cancel')}
            </Button>
            <Button size="xs" loading={set.isPending} onClick={save}>
              {t('action.save')}
            </Button>
          </Group>
        </>
      )}
    </Section>
  );
}
