import { Button, Group, NumberInput, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectView } from '../../../../../src/console-api/contract/objects.ts';
import { type ObjectName, type Place, useRestoreArchive } from '../../../api/objects.ts';
import { formatDateTime } from '../../../format.ts';
import { Notice } from '../../notice.tsx';
import { ProblemNotice } from '../../problem-notice.tsx';

type Props = { place: Place; name: ObjectName; archive: NonNullable<ObjectView['archive']> };

/** An archived object cannot be read until it was brought back for some days. */
export function ArchivePanel({ place, name, archive }: Props) {
  const { t } = useTranslation();
  const [days, setDays] = useState<number | string>(7);
  const restore = useRestoreArchive(place);
  if (archive.readable && archive.until !== null) {
    return (
      <Text size="sm" c="dimmed">
        {t('objects.restored-until', { time: formatDateTime(archive.until) })}
      </Text>
    );
  }
  return (
    <Notice tone="warning" title={t('objects.archived')}>
      {t('objects.archived-text')}
      <Group gap="xs" mt="xs" align="flex-end">
        <NumberInput label={t('objects.days')} w={110} min={1} max={36_500} value={days} onChange={setDays} />
        <Button
          variant="default"
          loading={restore.isPending}
          disabled={typeof days !== 'number'}
          onClick={() => restore.mutate({ name, body: { days: Number(days) } })}
        >
          {t('objects.bring-back')}
        </Button>
      </Group>
      <ProblemNotice error={restore.error} />
    </Notice>
  );
}
