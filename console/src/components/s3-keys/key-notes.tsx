// What is worth knowing about a key at a glance: that it is limited, that it was rotated, what it warns of.
import { Badge, Group, Stack, Text, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeyRestrictionView, S3KeyView } from '../../../../src/console-api/contract.ts';
import { formatDateTime } from '../../format.ts';
import { weekDays } from '../../key-limit.ts';

export function KeyNotes({ s3Key }: { s3Key: S3KeyView }) {
  const { t } = useTranslation();
  const { restriction, rotatedTo, warnings } = s3Key;
  if (restriction === null && rotatedTo === null && warnings.length === 0) return null;
  return (
    <Group gap={4} mt={4}>
      {restriction !== null && (
        <Note color="blue" label={t('note.limited')} detail={<Limits restriction={restriction} />} />
      )}
      {rotatedTo !== null && (
        <Note
          color="gray"
          label={t('note.rotated')}
          detail={t('note.rotated-text', { id: rotatedTo.id, time: formatDateTime(rotatedTo.worksUntil) })}
        />
      )}
      {warnings.map((warning) => (
        <Note key={warning} color="yellow" label={t(`note.${warning}`)} detail={t(`note.${warning}-text`)} />
      ))}
    </Group>
  );
}

function Note({ color, label, detail }: { color: string; label: string; detail: ReactNode }) {
  return (
    <Tooltip label={detail} multiline maw={360} events={{ hover: true, focus: true, touch: true }}>
      <Badge
        size="sm"
        radius="sm"
        variant="light"
        color={color}
        c="var(--vs-ink)"
        {...(color === 'yellow' ? { bg: 'var(--vs-amber-soft)' } : {})}
        tt="none"
        fw={550}
        flex="none"
        maw="none"
        styles={{ label: { overflow: 'visible' } }}
        tabIndex={0}
      >
        {label}
      </Badge>
    </Tooltip>
  );
}

/** One line for each limit. */
export function Limits({ restriction }: { restriction: KeyRestrictionView }) {
  const { t } = useTranslation();
  const { buckets, prefix, allow, networks, hours, policy } = restriction;
  const lines: [string, string | null][] = [
    [t('limit.buckets'), buckets?.join(', ') ?? null],
    [t('limit.prefix'), prefix],
    [t('limit.allow'), allow?.map((verb) => t(`limit.${verb}`)).join(', ') ?? null],
    [t('limit.networks'), networks?.join(', ') ?? null],
    [t('limit.hours'), hours === null ? null : `${hours.from}–${hours.to} (UTC${hours.utcOffset})`],
    [
      t('limit.days'),
      hours === null || hours.days.length === weekDays.length
        ? null
        : hours.days.map((day) => t(`limit.${day}`)).join(', '),
    ],
    [t('limit.policy'), policy === null ? null : t('limit.has-policy')],
  ];
  return (
    <Stack gap={2}>
      {lines.map(
        ([name, value]) =>
          value !== null && (
            <Text key={name} size="xs" inherit>
              {name}: {value}
            </Text>
          ),
      )}
    </Stack>
  );
}
