// Buckets of other accounts beside the project's own: which there are, what one may do with them, and one more.
import { ActionIcon, Badge, Button, Group, Stack, Table, Text, TextInput, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExternalBucketList, ExternalBucketView } from '../../../../src/console-api/contract/external-buckets.ts';
import { externalBucketsQuery, useAddExternalBucket, useRemoveExternalBucket } from '../../api/external-buckets.ts';
import { Copyable } from '../copyable.tsx';
import { Modal } from '../dialog.tsx';
import { Facts } from '../facts.tsx';
import { AnchorLink } from '../links.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { TableSkeleton } from '../table/table-skeleton.tsx';

type Props = { projectId: string; onClose: () => void };

export function ExternalBuckets({ projectId, onClose }: Props) {
  const { t } = useTranslation();
  const list = useQuery(externalBucketsQuery(projectId));
  return (
    <Modal opened onClose={onClose} title={t('external.title')} size="xl">
      <Stack>
        <Text c="dimmed">{t('external.text')}</Text>
        <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />
        {list.isPending && <TableSkeleton />}
        {list.data !== undefined && list.data.items.length > 0 && (
          <Rows projectId={projectId} items={list.data.items} />
        )}
        <Add projectId={projectId} />
        {list.data !== undefined && <You you={list.data.you} />}
      </Stack>
    </Modal>
  );
}

function Rows({ projectId, items }: { projectId: string; items: readonly ExternalBucketView[] }) {
  const { t } = useTranslation();
  const remove = useRemoveExternalBucket(projectId);
  return (
    <>
      <ProblemNotice error={remove.error} />
      <Table.ScrollContainer minWidth={420}>
        <Table aria-label={t('external.title')} verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('buckets.name')}</Table.Th>
              <Table.Th>{t('external.owner')}</Table.Th>
              <Table.Th>{t('external.rights')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <Table.Tr key={item.name}>
                <Table.Td>
                  <Name projectId={projectId} bucket={item} />
                </Table.Td>
                <Table.Td>{item.owner ?? ''}</Table.Td>
                <Table.Td>
                  <Rights bucket={item} />
                </Table.Td>
                <Table.Td ta="right">
                  <Tooltip label={t('external.remove', { name: item.name })}>
                    <ActionIcon
                      size="lg"
                      aria-label={t('external.remove', { name: item.name })}
                      loading={remove.isPending && remove.variables === item.name}
                      onClick={() => remove.mutate(item.name)}
                    >
                      <IconX size={17} />
                    </ActionIcon>
                  </Tooltip>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function Name({ projectId, bucket: { name, prefix, rights } }: { projectId: string; bucket: ExternalBucketView }) {
  const path = prefix === '' ? name : `${name}/${prefix}`;
  if (rights.length === 0) return <Text inherit>{path}</Text>;
  return (
    <AnchorLink
      to="/projects/$projectId/buckets/$bucket/objects"
      params={{ projectId, bucket: name }}
      search={prefix === '' ? {} : { prefix }}
      fw={550}
      style={{ overflowWrap: 'anywhere' }}
    >
      {path}
    </AnchorLink>
  );
}

function Rights({ bucket: { owner, rights } }: { bucket: ExternalBucketView }) {
  const { t } = useTranslation();
  if (owner === null) return <Badge color="gray">{t('external.gone')}</Badge>;
  if (rights.length === 0) return <Badge color="gray">{t('external.none')}</Badge>;
  return (
    <Group gap={6}>
      {rights.map((right) => (
        <Badge key={right} variant="light">
          {t(`external.right.${right}`)}
        </Badge>
      ))}
    </Group>
  );
}

function Add({ projectId }: { projectId: string }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const add = useAddExternalBucket(projectId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(name.trim(), { onSuccess: () => setName('') });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Group align="flex-end" gap="xs">
          <TextInput
            style={{ flex: '1 1 240px' }}
            label={t('external.name')}
            placeholder="bucket/folder/"
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" disabled={name.trim() === ''} loading={add.isPending}>
            {t('external.add')}
          </Button>
        </Group>
        <ProblemNotice error={add.error} />
      </Stack>
    </form>
  );
}

/** What the owner of a bucket must be told to share it. */
function You({ you }: { you: ExternalBucketList['you'] }) {
  const { t } = useTranslation();
  return (
    <div>
      <Text size="sm" c="dimmed" mb={6}>
        {t('external.you')}
      </Text>
      <Facts
        facts={[
          { label: t('external.principal'), value: <Copyable small value={you.arn} label={t('external.principal')} /> },
          {
            label: t('external.canonical'),
            value: <Copyable small value={you.canonicalId} label={t('external.canonical')} />,
          },
        ]}
      />
    </div>
  );
}
