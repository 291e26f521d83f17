// What a rule is about: everything, or buckets, folders, objects and managed things, each by a form.
import { ActionIcon, Button, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { VisualRule } from '../../../../../src/policy/visual.ts';
import type { VisualResource } from '../../../../../src/policy/visual-resources.ts';
import { useSession } from '../../../api/session.ts';
import classes from './visual.module.css';

type Props = { rule: VisualRule; onChange: (change: Partial<VisualRule>) => void };

const kinds = ['bucket', 'objects', 'object', 'buckets', 'managed', 'other'] as const;
type Kind = VisualResource['kind'];

const managedTypes = ['project', 'user', 'group', 'service-account', 'role', 'policy', 'bucket'];

function emptyOf(kind: Kind, accountId: string): VisualResource {
  switch (kind) {
    case 'bucket':
      return { kind, name: '' };
    case 'buckets':
      return { kind, prefix: '' };
    case 'object':
      return { kind, bucket: '', key: '' };
    case 'objects':
      return { kind, bucket: '', prefix: '' };
    case 'managed':
      return { kind, accountId, type: 'project', id: '' };
    case 'other':
      return { kind, text: '' };
  }
}

export function RuleResources({ rule, onChange }: Props) {
  const { t } = useTranslation();
  const { accountId } = useSession().identity;
  const { resources, product } = rule;
  const first: Kind = product === 's3' || product === '*' ? 'objects' : product === 'vstorage' ? 'managed' : 'other';
  const set = (next: readonly VisualResource[]) => onChange({ resources: next });
  return (
    <div className={classes['part']} role="group" aria-label={t('builder.resources')}>
      <p className={classes['title']}>{t('builder.resources')}</p>
      <Stack gap="sm">
        <SegmentedControl
          aria-label={t('builder.resources')}
          value={resources === 'all' ? 'all' : 'some'}
          onChange={(next) => onChange({ resources: next === 'all' ? 'all' : [emptyOf(first, accountId)] })}
          data={[
            { value: 'all', label: t('builder.all-resources') },
            { value: 'some', label: t('builder.some-resources') },
          ]}
          style={{ alignSelf: 'flex-start' }}
        />
        {resources !== 'all' &&
          resources.map((resource, index) => (
            <Row
              key={index}
              resource={resource}
              onChange={(next) => set(resources.with(index, next))}
              onRemove={() => set(resources.toSpliced(index, 1))}
            />
          ))}
        {resources !== 'all' && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => set([...resources, emptyOf(resources.at(-1)?.kind ?? first, accountId)])}
            style={{ alignSelf: 'flex-start' }}
          >
            {t('builder.add-resource')}
          </Button>
        )}
      </Stack>
    </div>
  );
}

type RowProps = { resource: VisualResource; onChange: (next: VisualResource) => void; onRemove: () => void };

function Row({ resource, onChange, onRemove }: RowProps) {
  const { t } = useTranslation();
  const { accountId } = useSession().identity;
  return (
    <div className={classes['row']}>
      <Select
        label={t('builder.kind')}
        allowDeselect={false}
        data={kinds.map((kind) => ({ value: kind, label: t(`builder.kinds.${kind}`) }))}
        value={resource.kind}
        onChange={(kind) => onChange(moved(resource, emptyOf(kind ?? 'other', accountId)))}
      />
      <Fields resource={resource} onChange={onChange} />
      <ActionIcon
        className={classes['fixed'] ?? ''}
        size="lg"
        aria-label={t('builder.remove-resource')}
        onClick={onRemove}
      >
        <IconX size={16} />
      </ActionIcon>
    </div>
  );
}

/** What both kinds have is not asked for again. */
function moved(from: VisualResource, to: VisualResource): VisualResource {
  const bucket = from.kind === 'bucket' ? from.name : 'bucket' in from ? from.bucket : '';
  if (to.kind === 'bucket') return { ...to, name: bucket };
  return 'bucket' in to ? { ...to, bucket } : to;
}

function Fields({ resource, onChange }: Omit<RowProps, 'onRemove'>) {
  const { t } = useTranslation();
  const text = (label: string, value: string, change: (value: string) => VisualResource, placeholder: string) => (
    <TextInput
      label={label}
      value={value}
      placeholder={placeholder}
      maxLength={1024}
      spellCheck={false}
      onChange={(event) => onChange(change(event.currentTarget.value))}
    />
  );
  const bucketLabel = t('builder.bucket');
  switch (resource.kind) {
    case 'bucket':
      return text(bucketLabel, resource.name, (name) => ({ ...resource, name }), 'my-bucket');
    case 'buckets':
      return text(t('builder.begins'), resource.prefix, (prefix) => ({ ...resource, prefix }), 'team-');
    case 'object':
      return (
        <>
          {text(bucketLabel, resource.bucket, (bucket) => ({ ...resource, bucket }), 'my-bucket')}
          {text(t('builder.key'), resource.key, (key) => ({ ...resource, key }), 'photos/cat.jpg')}
        </>
      );
    case 'objects':
      return (
        <>
          {text(bucketLabel, resource.bucket, (bucket) => ({ ...resource, bucket }), 'my-bucket')}
          {text(t('builder.prefix'), resource.prefix, (prefix) => ({ ...resource, prefix }), t('builder.all-objects'))}
        </>
      );
    case 'managed':
      return (
        <>
          <Select
            label={t('builder.type')}
            allowDeselect={false}
            data={[...new Set([...managedTypes, resource.type])]}
            value={resource.type}
            onChange={(type) => onChange({ ...resource, type: type ?? resource.type })}
          />
          {text('ID', resource.id, (id) => ({ ...resource, id }), '')}
        </>
      );
    case 'other':
      return text('ARN', resource.text, (value) => ({ ...resource, text: value }), 'arn:aws:s3:::*/reports/*');
  }
}
