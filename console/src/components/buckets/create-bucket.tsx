import { Button, Checkbox, Group, Select, Stack, Switch, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CreateBucketRequest, StorageOptions } from '../../../../src/console-api/contract/buckets.ts';
import { storageOptionsQuery, useCreateBucket } from '../../api/buckets.ts';
import { bucketNameProblem } from '../../objects/bucket-name.ts';
import { Drawer } from '../dialog.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

type Props = { projectId: string; onClose: () => void };

export function CreateBucket({ projectId, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer opened onClose={onClose} title={t('bucket.create')}>
      <Form projectId={projectId} onClose={onClose} />
    </Drawer>
  );
}

type Settings = {
  objectLock: boolean;
  versioning: boolean;
  encryption: string;
  ownership: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';
  storageClass: string | null;
};

const initial = (options: StorageOptions | undefined): Settings => ({
  objectLock: false,
  versioning: false,
  encryption: options?.bucketDefaults === 'legacy' ? 'none' : 'SSE-S3',
  ownership: options?.bucketDefaults === 'legacy' ? 'ObjectWriter' : 'BucketOwnerEnforced',
  storageClass: null,
});

/** What differs from the server's own defaults is sent: each needs a right of its own. */
function requestOf(name: string, chosen: Settings, defaults: Settings): CreateBucketRequest {
  const { objectLock, versioning, encryption, ownership, storageClass } = chosen;
  const [type = '', keyName = null] = encryption.split(' ');
  const wanted: CreateBucketRequest['encryption'] =
    type === 'SSE-KMS' ? { type, keyName } : { type: type === 'none' ? 'none' : 'SSE-S3' };
  return {
    name,
    objectLock,
    versioning: versioning || objectLock,
    ...(encryption === defaults.encryption ? {} : { encryption: wanted }),
    ...(ownership === defaults.ownership ? {} : { ownership }),
    ...(storageClass === null ? {} : { storageClass }),
  };
}

function Form({ projectId, onClose }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const options = useQuery(storageOptionsQuery(projectId)).data;
  const create = useCreateBucket(projectId);
  const [name, setName] = useState('');
  const defaults = initial(options);
  const [changes, setChanges] = useState<Partial<Settings>>({});
  const chosen = { ...defaults, ...changes };
  const change = (next: Partial<Settings>) => setChanges((now) => ({ ...now, ...next }));
  const problem = bucketNameProblem(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(requestOf(name, chosen, defaults), {
      onSuccess: (bucket) => {
        notifications.show({ message: t('bucket.created', { name: bucket.name }) });
        onClose();
        const params = { projectId, bucket: bucket.name };
        void navigate({ to: '/projects/$projectId/buckets/$bucket/objects', params });
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <ProblemNotice error={create.error} />
        <TextInput
          label={t('bucket.name')}
          description={t('bucket.name-rule')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          maxLength={63}
          value={name}
          error={name !== '' && problem !== null && problem !== 'short' ? t(`bucket.name-problem.${problem}`) : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label={t('bucket.lock')}
          description={t('bucket.lock-text')}
          checked={chosen.objectLock}
          onChange={(event) => change({ objectLock: event.currentTarget.checked })}
        />
        <Switch
          label={t('bucket.versioning')}
          description={t(chosen.objectLock ? 'bucket.versioning-forced' : 'bucket.versioning-text')}
          checked={chosen.versioning || chosen.objectLock}
          disabled={chosen.objectLock}
          onChange={(event) => change({ versioning: event.currentTarget.checked })}
        />
        <Choices options={options} chosen={chosen} onChange={change} />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={problem !== null} loading={create.isPending}>
            {t('bucket.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type ChoicesProps = {
  options: StorageOptions | undefined;
  chosen: Settings;
  onChange: (change: Partial<Settings>) => void;
};

const owners = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const;

function Choices({ options, chosen, onChange }: ChoicesProps) {
  const { t } = useTranslation();
  const kms = ['SSE-KMS', ...(options?.kmsKeys ?? []).map((key) => `SSE-KMS ${key}`)];
  const encryptions = ['SSE-S3', ...kms, 'none'].map((value) => {
    const [type = '', key] = value.split(' ');
    const label = key === undefined ? t(`bucket.encryption-kind.${type.toLowerCase() as 'none'}`) : `SSE-KMS: ${key}`;
    return { value, label };
  });
  const classes = (options?.storageClasses ?? []).map(({ name }) => name);
  return (
    <>
      <Select
        label={t('bucket.encryption')}
        description={t('bucket.encryption-text')}
        allowDeselect={false}
        data={encryptions}
        value={chosen.encryption}
        onChange={(value) => onChange({ encryption: value ?? chosen.encryption })}
      />
      <Select
        label={t('bucket.class')}
        description={t('bucket.class-text')}
        allowDeselect={false}
        data={classes}
        value={chosen.storageClass ?? options?.storageClass ?? null}
        onChange={(storageClass) => onChange({ storageClass })}
      />
      <Select
        label={t('bucket.ownership')}
        description={t(`bucket.ownership-text.${chosen.ownership}`)}
        allowDeselect={false}
        data={owners.map((value) => ({ value, label: t(`bucket.ownership-name.${value}`) }))}
        value={chosen.ownership}
        onChange={(value) => onChange({ ownership: owners.find((owner) => owner === value) ?? chosen.ownership })}
      />
    </>
  );
}
