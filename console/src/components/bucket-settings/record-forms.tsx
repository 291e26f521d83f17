// Access logging, data access audit, tags.
import { ActionIcon, Button, Group, Radio, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { BucketAudit } from '../../../../src/console-api/contract/audit.ts';
import type { LoggingDocument, TaggingDocument } from '../../../../src/console-api/contract/bucket-settings.ts';
import { bucketsQuery } from '../../api/buckets.ts';
import { AnchorLink } from '../links.tsx';
import { Notice } from '../notice.tsx';
import type { FormProps } from './setting-panel.tsx';

type Enabled = NonNullable<LoggingDocument['LoggingEnabled']>;

function formatOf({ TargetObjectKeyFormat: format }: Enabled): 'simple' | 'EventTime' | 'DeliveryTime' {
  if (format?.PartitionedPrefix === undefined) return 'simple';
  return format.PartitionedPrefix.PartitionDateSource ?? 'DeliveryTime';
}

export function LoggingForm({ place, value, onChange }: FormProps<LoggingDocument>) {
  const { t } = useTranslation();
  const { data: buckets = [] } = useQuery(bucketsQuery(place.projectId));
  const enabled = value.LoggingEnabled;
  const names = buckets.map(({ name }) => name);
  const set = (part: Partial<Enabled>) => {
    if (enabled !== undefined) onChange({ LoggingEnabled: { ...enabled, ...part } });
  };
  const first = names.find((name) => name !== place.bucket) ?? place.bucket;
  return (
    <Stack>
      <Switch
        label={t('bucket-settings.logging.on')}
        checked={enabled !== undefined}
        onChange={(event) =>
          onChange(
            event.currentTarget.checked
              ? { LoggingEnabled: { TargetBucket: first, TargetPrefix: `${place.bucket}/` } }
              : {},
          )
        }
      />
      {enabled !== undefined && (
        <>
          <Group gap="sm" grow preventGrowOverflow={false} align="flex-start">
            <Select
              label={t('bucket-settings.logging.bucket')}
              searchable
              allowDeselect={false}
              data={names.includes(enabled.TargetBucket) ? names : [...names, enabled.TargetBucket]}
              value={enabled.TargetBucket}
              onChange={(TargetBucket) => set({ TargetBucket: TargetBucket ?? enabled.TargetBucket })}
            />
            <TextInput
              label={t('bucket-settings.logging.prefix')}
              value={enabled.TargetPrefix}
              onChange={(event) => set({ TargetPrefix: event.currentTarget.value })}
            />
          </Group>
          <Select
            label={t('bucket-settings.logging.format')}
            allowDeselect={false}
            data={(['simple', 'EventTime', 'DeliveryTime'] as const).map((one) => ({
              value: one,
              label: t(`bucket-settings.logging.${one}`),
            }))}
            value={formatOf(enabled)}
            onChange={(one) =>
              set({
                TargetObjectKeyFormat:
                  one === 'EventTime' || one === 'DeliveryTime'
                    ? { PartitionedPrefix: { PartitionDateSource: one } }
                    : { SimplePrefix: {} },
              })
            }
          />
          {enabled.TargetBucket === place.bucket && (
            <Notice tone="warning">{t('bucket-settings.logging.itself')}</Notice>
          )}
        </>
      )}
    </Stack>
  );
}

const levels = ['none', 'write', 'all'] as const;

export function AuditForm({ place, value, onChange }: FormProps<BucketAudit>) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Radio.Group
        aria-label={t('bucket-settings.audit.title')}
        value={value.dataAccess}
        onChange={(level) => onChange({ dataAccess: levels.find((one) => one === level) ?? value.dataAccess })}
      >
        <Stack gap="sm">
          {levels.map((level) => (
            <Radio
              key={level}
              value={level}
              label={t(`bucket-settings.audit.${level}`)}
              description={t(`bucket-settings.audit.${level}-text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Text size="sm">
        <AnchorLink to="/audit" search={{ resource: `${place.bucket}/*` }}>
          {t('bucket-settings.audit.open')}
        </AnchorLink>
      </Text>
    </Stack>
  );
}

export function TaggingForm({ value, onChange }: FormProps<TaggingDocument>) {
  const { t } = useTranslation();
  const tags = value.TagSet;
  const change = (index: number, part: Partial<(typeof tags)[number]>) =>
    onChange({ TagSet: tags.map((tag, at) => (at === index ? { ...tag, ...part } : tag)) });
  return (
    <Stack gap="xs">
      {tags.length === 0 && <Text c="dimmed">{t('bucket-settings.tagging.none')}</Text>}
      {tags.map((tag, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- tags have no identity but their place
        <Group key={index} gap="xs" wrap="nowrap">
          <TextInput
            style={{ flex: 1 }}
            aria-label={t('bucket-settings.tagging.key', { number: index + 1 })}
            placeholder={t('bucket-settings.tagging.key-placeholder')}
            maxLength={128}
            value={tag.Key}
            onChange={(event) => change(index, { Key: event.currentTarget.value })}
          />
          <TextInput
            style={{ flex: 1 }}
            aria-label={t('bucket-settings.tagging.value', { number: index + 1 })}
            placeholder={t('bucket-settings.tagging.value-placeholder')}
            maxLength={256}
            value={tag.Value}
            onChange={(event) => change(index, { Value: event.currentTarget.value })}
          />
          <ActionIcon
            size={36}
            aria-label={t('bucket-settings.tagging.remove', { number: index + 1 })}
            onClick={() => onChange({ TagSet: tags.filter((_, at) => at !== index) })}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button
          variant="default"
          size="sm"
          leftSection={<IconPlus size={14} />}
          disabled={tags.length >= 50}
          onClick={() => onChange({ TagSet: [...tags, { Key: '', Value: '' }] })}
        >
          {t('bucket-settings.tagging.add')}
        </Button>
      </div>
    </Stack>
  );
}
