// Versioning, object lock, encryption.
import { Group, NumberInput, Radio, Select, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  EncryptionDocument,
  ObjectLockDocument,
  VersioningDocument,
} from '../../../../src/console-api/contract/bucket-settings.ts';
import { bucketQuery, storageOptionsQuery } from '../../api/buckets.ts';
import { Notice } from '../notice.tsx';
import type { FormProps } from './setting-panel.tsx';

const states = ['Enabled', 'Suspended'] as const;

export function VersioningForm({ place, value, onChange }: FormProps<VersioningDocument>) {
  const { t } = useTranslation();
  const locked = useQuery(bucketQuery(place.projectId, place.bucket)).data?.objectLock === true;
  const choices = value.Status === undefined ? (['off', ...states] as const) : states;
  return (
    <Stack>
      {locked && <Text size="sm">{t('bucket-settings.versioning.locked')}</Text>}
      <Radio.Group
        aria-label={t('bucket-settings.versioning.title')}
        value={value.Status ?? 'off'}
        onChange={(status) => {
          const Status = states.find((one) => one === status);
          onChange(Status === undefined ? {} : { Status });
        }}
      >
        <Stack gap="sm">
          {choices.map((status) => (
            <Radio
              key={status}
              value={status}
              disabled={locked && status !== 'Enabled'}
              label={t(`bucket-settings.versioning.${status}`)}
              description={t(`bucket-settings.versioning.${status}-text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
    </Stack>
  );
}

const modes = ['COMPLIANCE', 'GOVERNANCE'] as const;
const units = ['Days', 'Years'] as const;
const MOST = { Days: 36_500, Years: 100 } as const;

export function ObjectLockForm({ value, onChange, place }: FormProps<ObjectLockDocument>) {
  const { t } = useTranslation();
  const versioning = useQuery(bucketQuery(place.projectId, place.bucket)).data?.versioning;
  const [wasOn] = useState(value.ObjectLockEnabled !== undefined);
  const isOn = value.ObjectLockEnabled !== undefined;
  const retention = value.Rule?.DefaultRetention;
  const unit = retention?.Years === undefined ? 'Days' : 'Years';
  const count = retention?.[unit] ?? 1;
  const set = (Mode: (typeof modes)[number], period: (typeof units)[number], amount: number) =>
    onChange({ ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode, [period]: amount } } });
  return (
    <Stack>
      <Switch
        label={t('bucket-settings.object-lock.on')}
        description={t(wasOn ? 'bucket-settings.object-lock.is-on' : 'bucket-settings.object-lock.on-text')}
        checked={isOn}
        disabled={wasOn || versioning !== 'enabled'}
        onChange={(event) => onChange(event.currentTarget.checked ? { ObjectLockEnabled: 'Enabled' } : {})}
      />
      {!wasOn && versioning !== 'enabled' && (
        <Text size="sm" c="dimmed">
          {t('bucket-settings.object-lock.needs-versioning')}
        </Text>
      )}
      {isOn && !wasOn && <Notice tone="warning">{t('bucket-settings.object-lock.forever')}</Notice>}
      {isOn && (
        <Switch
          label={t('bucket-settings.object-lock.default')}
          description={t('bucket-settings.object-lock.default-text')}
          checked={retention !== undefined}
          onChange={(event) => {
            if (event.currentTarget.checked) set('COMPLIANCE', 'Days', 30);
            else onChange({ ObjectLockEnabled: 'Enabled' });
          }}
        />
      )}
      {retention !== undefined && (
        <>
          <Radio.Group
            label={t('bucket-settings.object-lock.mode')}
            value={retention.Mode}
            onChange={(mode) => set(modes.find((one) => one === mode) ?? retention.Mode, unit, count)}
          >
            <Stack gap="sm" mt={8}>
              {modes.map((mode) => (
                <Radio
                  key={mode}
                  value={mode}
                  label={t(`bucket-settings.object-lock.${mode}`)}
                  description={t(`bucket-settings.object-lock.${mode}-text`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Group gap="sm" align="flex-end">
            <NumberInput
              w={140}
              label={t('bucket-settings.object-lock.period')}
              min={1}
              max={MOST[unit]}
              allowDecimal={false}
              value={count}
              onChange={(amount) => set(retention.Mode, unit, Number(amount) || 0)}
            />
            <Select
              w={130}
              aria-label={t('bucket-settings.object-lock.unit')}
              allowDeselect={false}
              data={units.map((one) => ({ value: one, label: t(`bucket-settings.object-lock.${one}`) }))}
              value={unit}
              onChange={(one) => set(retention.Mode, one === 'Years' ? 'Years' : 'Days', one === 'Years' ? 1 : 30)}
            />
          </Group>
        </>
      )}
    </Stack>
  );
}

type Rule = EncryptionDocument['Rules'][number];

export function EncryptionForm({ place, value, onChange }: FormProps<EncryptionDocument>) {
  const { t } = useTranslation();
  const { kmsKeys = [], bucketDefaults } = useQuery(storageOptionsQuery(place.projectId)).data ?? {};
  const [rule = {}] = value.Rules;
  const byDefault = rule.ApplyServerSideEncryptionByDefault;
  const blocked = rule.BlockedEncryptionTypes?.EncryptionType[0] === 'SSE-C';
  const kind = byDefault === undefined ? 'none' : byDefault.SSEAlgorithm === 'AES256' ? 'sse-s3' : 'sse-kms';
  const change = (part: Partial<Rule>) => onChange({ Rules: [{ ...rule, ...part }] });
  // what a server for encrypted buckets gives new ones cannot be taken away
  const kinds = bucketDefaults === 'legacy' || kind === 'none' ? ['sse-s3', 'sse-kms', 'none'] : ['sse-s3', 'sse-kms'];
  const choose = (next: string) => {
    if (next === 'none') onChange({ Rules: [] });
    else change({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: next === 'sse-s3' ? 'AES256' : 'aws:kms' } });
  };
  return (
    <Stack>
      <Radio.Group label={t('bucket-settings.encryption.new')} value={kind} onChange={choose}>
        <Stack gap="sm" mt={8}>
          {kinds.map((one) => (
            <Radio
              key={one}
              value={one}
              label={t(`bucket-settings.encryption.${one as 'none'}`)}
              description={t(`bucket-settings.encryption.${one as 'none'}-text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {kind === 'sse-kms' && (
        <Select
          label={t('bucket-settings.encryption.key')}
          allowDeselect={false}
          data={[
            { value: '', label: t('bucket-settings.encryption.default-key') },
            ...kmsKeys.map((name) => ({ value: name, label: name })),
          ]}
          value={byDefault?.KMSMasterKeyID ?? ''}
          onChange={(name) =>
            change({
              ApplyServerSideEncryptionByDefault: {
                SSEAlgorithm: 'aws:kms',
                ...(name === null || name === '' ? {} : { KMSMasterKeyID: name }),
              },
            })
          }
        />
      )}
      {kind !== 'none' && (
        <Switch
          label={t('bucket-settings.encryption.block-customer-keys')}
          description={t('bucket-settings.encryption.block-customer-keys-text')}
          checked={blocked}
          onChange={(event) =>
            change({ BlockedEncryptionTypes: { EncryptionType: [event.currentTarget.checked ? 'SSE-C' : 'NONE'] } })
          }
        />
      )}
    </Stack>
  );
}
