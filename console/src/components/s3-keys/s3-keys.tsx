// "List of S3 keys of this project".
import { Button } from '@mantine/core';
import { IconFileSpreadsheet, IconKey, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProjectView, S3KeyView } from '../../../../src/console-api/contract.ts';
import { keyReportUrl, s3KeysQuery } from '../../api/s3-keys.ts';
import { EmptyState } from '../empty-state.tsx';
import { useOpenOnHash } from '../../hooks/use-open-on-hash.ts';
import { DataTable } from '../table/data-table.tsx';
import { AttachKey } from './attach-key.tsx';
import { DeleteKeys } from './delete-keys.tsx';
import { EditKey } from './edit-key.tsx';
import { GenerateKey } from './generate-key.tsx';
import { KeyMenu } from './key-menu.tsx';
import { KeysHeading } from './keys-heading.tsx';
import { RotateKey } from './rotate-key.tsx';
import { useKeyColumns } from './use-key-columns.tsx';

const searchText = (key: S3KeyView): string => `${key.accessKey} ${key.id} ${key.description} ${key.creator.name}`;

type Open =
  | { kind: 'generate' }
  | { kind: 'delete'; keys: S3KeyView[] }
  | { kind: 'edit' | 'rotate' | 'attach'; key: S3KeyView }
  | null;

export function S3Keys({ project }: { project: ProjectView }) {
  const { t } = useTranslation();
  const list = useQuery(s3KeysQuery(project.id));
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<Open>(null);
  const columns = useKeyColumns();
  const keys = list.data?.items;
  const chosenKeys = keys?.filter((key) => chosen.has(key.id) && key.canDelete) ?? [];
  const trashed = project.trashedAt !== null;
  useOpenOnHash('generate', () => !trashed && setOpen({ kind: 'generate' }));
  const generate = (
    <Button leftSection={<IconPlus size={16} />} disabled={trashed} onClick={() => setOpen({ kind: 'generate' })}>
      {t('keys.generate')}
    </Button>
  );
  const remove = (doomed: S3KeyView[]) => setOpen({ kind: 'delete', keys: doomed });
  return (
    <>
      <DataTable
        label={t('keys.title')}
        heading={<KeysHeading list={list.data} />}
        rows={keys}
        columns={columns}
        rowId={(key) => key.id}
        rowLabel={(key) => key.accessKey}
        text={searchText}
        searchLabel={t('keys.search')}
        initialSort={{ column: 'created', descending: true }}
        error={list.error}
        refreshing={list.isFetching}
        onRefresh={() => void list.refetch()}
        selection={{ ids: chosen, set: choose }}
        selectable={(key) => key.canDelete}
        tools={
          <>
            <Button
              component="a"
              href={keyReportUrl(project.id)}
              download
              variant="default"
              leftSection={<IconFileSpreadsheet size={16} />}
            >
              {t('keys.report')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconTrash size={16} />}
              disabled={chosenKeys.length === 0}
              onClick={() => remove(chosenKeys)}
            >
              {chosenKeys.length === 0 ? t('action.delete') : t('keys.delete-count', { count: chosenKeys.length })}
            </Button>
            {generate}
          </>
        }
        empty={<EmptyState icon={<IconKey size={24} />} title={t('keys.empty')} text={t('keys.empty-text')} />}
        actions={(key) => (
          <KeyMenu
            projectId={project.id}
            s3Key={key}
            onEdit={() => setOpen({ kind: 'edit', key })}
            onRotate={() => setOpen({ kind: 'rotate', key })}
            onAttach={() => setOpen({ kind: 'attach', key })}
            onDelete={() => remove([key])}
          />
        )}
      />
      {open?.kind === 'generate' && <GenerateKey project={project} onClose={() => setOpen(null)} />}
      {open?.kind === 'edit' && <EditKey projectId={project.id} s3Key={open.key} onClose={() => setOpen(null)} />}
      {open?.kind === 'rotate' && <RotateKey project={project} s3Key={open.key} onClose={() => setOpen(null)} />}
      {open?.kind === 'attach' && <AttachKey projectId={project.id} s3Key={open.key} onClose={() => setOpen(null)} />}
      {open?.kind === 'delete' && (
        <DeleteKeys
          projectId={project.id}
          keys={open.keys}
          onClose={() => setOpen(null)}
          onDeleted={() => choose(new Set())}
        />
      )}
    </>
  );
}
