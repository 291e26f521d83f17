// Under which conditions a rule counts: networks, a window of time, encryption, tags, or any other key.
import { ActionIcon, Autocomplete, Button, Menu, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { conditionOperators } from '../../../../../src/policy/conditions.ts';
import type { VisualRule } from '../../../../../src/policy/visual.ts';
import type { VisualCondition } from '../../../../../src/policy/visual-conditions.ts';
import classes from './visual.module.css';

type Props = { rule: VisualRule; onChange: (change: Partial<VisualRule>) => void };

const makers = {
  networks: () => ({ kind: 'networks', inside: true, ranges: [] }),
  time: () => ({ kind: 'time', from: null, to: null }),
  tls: () => ({ kind: 'other', operator: 'Bool', key: 'aws:SecureTransport', values: ['true'] }),
  'principal-tag': () => ({ kind: 'other', operator: 'StringEquals', key: 'aws:PrincipalTag/team', values: [] }),
  'object-tag': () => ({ kind: 'other', operator: 'StringEquals', key: 's3:ExistingObjectTag/class', values: [] }),
  prefix: () => ({ kind: 'other', operator: 'StringLike', key: 's3:prefix', values: [] }),
  other: () => ({ kind: 'other', operator: 'StringEquals', key: '', values: [] }),
} as const satisfies Readonly<Record<string, () => VisualCondition>>;
const makerNames = Object.keys(makers) as (keyof typeof makers)[];

const commonKeys = [
  'aws:SecureTransport',
  'aws:PrincipalTag/team',
  'aws:username',
  'aws:UserAgent',
  'aws:Referer',
  's3:prefix',
  's3:max-keys',
  's3:ExistingObjectTag/class',
  's3:x-amz-acl',
  's3:x-amz-server-side-encryption',
  's3:x-amz-storage-class',
  'aws:MultiFactorAuthPresent',
];

export function RuleConditions({ rule: { conditions }, onChange }: Props) {
  const { t } = useTranslation();
  const set = (next: readonly VisualCondition[]) => onChange({ conditions: next });
  return (
    <div className={classes['part']} role="group" aria-label={t('builder.conditions')}>
      <p className={classes['title']}>{t('builder.conditions')}</p>
      <Stack gap="sm">
        {conditions.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('builder.no-conditions')}
          </Text>
        )}
        {conditions.map((condition, index) => (
          <div className={classes['row']} key={index}>
            <Fields condition={condition} onChange={(next) => set(conditions.with(index, next))} />
            <ActionIcon
              className={classes['fixed'] ?? ''}
              size="lg"
              aria-label={t('builder.remove-condition')}
              onClick={() => set(conditions.toSpliced(index, 1))}
            >
              <IconX size={16} />
            </ActionIcon>
          </div>
        ))}
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlus size={14} />}
              style={{ alignSelf: 'flex-start' }}
            >
              {t('builder.add-condition')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {makerNames.map((name) => (
              <Menu.Item key={name} onClick={() => set([...conditions, makers[name]()])}>
                {t(`builder.condition.${name}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Stack>
    </div>
  );
}

type FieldsProps = { condition: VisualCondition; onChange: (next: VisualCondition) => void };

function Fields({ condition, onChange }: FieldsProps) {
  const { t } = useTranslation();
  if (condition.kind === 'networks') {
    return (
      <>
        <Select
          label={t('builder.condition.networks')}
          allowDeselect={false}
          data={[
            { value: 'in', label: t('builder.inside') },
            { value: 'out', label: t('builder.outside') },
          ]}
          value={condition.inside ? 'in' : 'out'}
          onChange={(where) => onChange({ ...condition, inside: where === 'in' })}
        />
        <TagsInput
          label={t('builder.ranges')}
          placeholder={condition.ranges.length === 0 ? '203.0.113.0/24' : ''}
          value={[...condition.ranges]}
          onChange={(ranges) => onChange({ ...condition, ranges })}
          acceptValueOnBlur
        />
      </>
    );
  }
  if (condition.kind === 'time') {
    return (
      <>
        <Moment
          label={t('builder.from')}
          value={condition.from}
          onChange={(from) => onChange({ ...condition, from })}
        />
        <Moment label={t('builder.to')} value={condition.to} onChange={(to) => onChange({ ...condition, to })} />
      </>
    );
  }
  return <OtherFields condition={condition} onChange={onChange} />;
}

/** A moment of UTC, as it stands in the policy. One with another offset is shown as the text it is. */
function Moment({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | null;
  onChange: (iso: string | null) => void;
}) {
  const isUtc = value === null || /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.0+)?Z$/.test(value);
  return (
    <TextInput
      label={label}
      type={isUtc ? 'datetime-local' : 'text'}
      value={isUtc ? (value?.slice(0, 16) ?? '') : value}
      onChange={(event) => {
        const text = event.currentTarget.value;
        onChange(text === '' ? null : isUtc ? `${text}:00Z` : text);
      }}
    />
  );
}

function OtherFields({
  condition,
  onChange,
}: {
  condition: Extract<VisualCondition, { kind: 'other' }>;
  onChange: FieldsProps['onChange'];
}) {
  const { t } = useTranslation();
  return (
    <>
      <Autocomplete
        label={t('builder.condition-key')}
        data={commonKeys}
        value={condition.key}
        placeholder="aws:PrincipalTag/team"
        onChange={(key) => onChange({ ...condition, key })}
      />
      <Select
        label={t('builder.operator')}
        allowDeselect={false}
        searchable
        data={[...new Set([...conditionOperators, condition.operator])]}
        value={condition.operator}
        onChange={(operator) => onChange({ ...condition, operator: operator ?? condition.operator })}
      />
      <TagsInput
        label={t('builder.values')}
        value={[...condition.values]}
        onChange={(values) => onChange({ ...condition, values })}
        acceptValueOnBlur
      />
    </>
  );
}
