// The S3 keys of all projects: what an administrator looks through, in one list.
import { Button, Group, SegmentedControl, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconFileSpreadsheet, IconKey, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AccountS3Key, accountKeyReportUrl, accountKeysQuery, useSetKeysStatus } from '../api/account-keys.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { AnchorLink } from '../components/links.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { DeleteAccountKeys } from '../components/s3-keys/delete-account-keys.tsx';
import { useKeyColumns } from '../components/s3-keys/use-key-columns.tsx';
import type { Column } from '../components/table/column.ts';
import { DataTable } from '../components/table/data-table.tsx';
import { useUndo } from '../hooks/use-undo.tsx';
import { useProblem } from '../hooks/use-problem.ts';

const searchText = (key: AccountS3Key): string =>
  `${key.accessKey} ${key.id} ${key.description} ${key.creator.name} ${key.projectName}`;

const shows = ['all', 'attention', 'unused', 'never-expires', 'over-broad', 'old', 'disabled', 'expired'] as const;
type Show = (typeof shows)[number];

function isShown(key: AccountS3Key, show: Show): boolean {
  if (show === 'all') return true;
  if (show === 'attention') return key.warnings.length > 0 || key.expired;
  if (show === 'disabled') return key.status === 'disabled';
  return show === 'expired' ? key.expired : key.warnings.includes(show);
}

export function AllS3KeysPage() {
  const { t } = useTranslation();
  const list = useQuery(accountKeysQuery);
  const [show, setShow] = useState<Show>('all');
  const [kind, setKind] = useState('any');
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [deleting, setDeleting] = useState(false);
  const columns = useColumns();
  const rows = useMemo(
    () => list.data?.items.filter((key) => isShown(key, show) && (kind === 'any' || key.creator.type === kind)),
    [list.data, show, kind],
  );
  const chosenKeys = rows?.filter(({ id }) => chosen.has(id)) ?? [];
  const heading = (
    <Group gap="xs">
      <Select
        size="xs"
        w={210}
        aria-label={t('all-keys.show')}
        allowDeselect={false}
        data={shows.map((value) => ({ value, label: t(`all-keys.shows.${value}`) }))}
        value={show}
        onChange={(next) => setShow(shows.find((one) => one === next) ?? 'all')}
      />
      <SegmentedControl
        size="xs"
        aria-label={t('keys.created-by')}
        value={kind}
        onChange={setKind}
        data={[
          { value: 'any', label: t('audit.any') },
          { value: 'root', label: t('keys.by-root') },
          { value: 'user', label: t('keys.by-user') },
          { value: 'service-account', label: t('keys.by-service-account') },
        ]}
      />
    </Group>
  );
  return (
    <>
      <PageHeader
        title={t('all-keys.title')}
        description={t(list.data?.scope === 'own' ? 'all-keys.text-own' : 'all-keys.text')}
        actions={
          <Button
            component="a"
            href={accountKeyReportUrl}
            download
            variant="default"
            leftSection={<IconFileSpreadsheet size={16} />}
          >
            {t('keys.report')}
          </Button>
        }
      />
      <DataTable
        label={t('all-keys.title')}
        heading={heading}
        rows={rows}
        columns={columns}
        rowId={({ id }) => id}
        rowLabel={({ accessKey }) => accessKey}
        text={searchText}
        searchLabel={t('keys.search')}
        initialSort={{ column: 'created', descending: true }}
        error={list.error}
        refreshing={list.isFetching}
        onRefresh={() => void list.refetch()}
        selection={{ ids: chosen, set: choose }}
        selectable={({ canUpdate, canDelete }) => canUpdate || canDelete}
        tools={<Tools keys={chosenKeys} onDelete={() => setDeleting(true)} />}
        empty={
          <EmptyState icon={<IconKey size={24} />} title={t(show === 'all' ? 'keys.empty' : 'table.nothing-found')} />
        }
      />
      {deleting && (
        <DeleteAccountKeys
          keys={chosenKeys.filter(({ canDelete }) => canDelete)}
          onClose={() => setDeleting(false)}
          onDeleted={() => choose(new Set())}
        />
      )}
    </>
  );
}

function Tools({ keys, onDelete }: { keys: readonly AccountS3Key[]; onDelete: () => void }) {
  const { t, i18n } = useTranslation();
  const problem = useProblem();
  const set = useSetKeysStatus();
  const undoable = useUndo();
  const change = (status: 'active' | 'disabled') =>
    set.mutate(
      { ids: keys.map(({ id }) => id), status },
      {
        onSuccess: ({ results }) => {
          const changed = results.filter((one) => one.changed).map(({ id }) => id);
          // those that were so already stay so
          const ids = changed.filter((id) => keys.some((key) => key.id === id && key.status !== status));
          if (ids.length > 0)
            undoable(
              t(status === 'disabled' ? 'all-keys.disabled' : 'all-keys.enabled', { count: changed.length }),
              () => set.mutateAsync({ ids, status: status === 'disabled' ? 'active' : 'disabled' }),
            );
          for (const one of results) {
            if (one.changed) continue;
            const message = i18n.exists(one.code, { ns: 'codes' }) ? t(one.code, { ns: 'codes' }) : one.detail;
            notifications.show({ color: 'red', message });
          }
        },
        onError: problem.notify,
      },
    );
  const active = keys.some(({ status }) => status === 'active');
  const disabled = keys.some(({ status }) => status === 'disabled');
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlayerPause size={16} />}
        disabled={!active}
        loading={set.isPending}
        onClick={() => change('disabled')}
      >
        {t('action.disable')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconPlayerPlay size={16} />}
        disabled={!disabled}
        loading={set.isPending}
        onClick={() => change('active')}
      >
        {t('action.enable')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconTrash size={16} />}
        disabled={!keys.some(({ canDelete }) => canDelete)}
        onClick={onDelete}
      >
        {t('action.delete')}
      </Button>
    </>
  );
}

/** As in a project, with the project instead of the id. */
function useColumns(): Column<AccountS3Key>[] {
  const { t } = useTranslation();
  const shared = useKeyColumns().filter(({ key }) => key !== 'id');
  const project: Column<AccountS3Key> = {
    key: 'project',
    header: t('simulator.project'),
    sort: ({ projectName }) => projectName,
    cell: ({ projectId, projectName }) => (
      <AnchorLink to="/projects/$projectId/access" params={{ projectId }} size="sm">
        {projectName}
      </AnchorLink>
    ),
  };
  return [...shared.slice(0, 1), project, ...shared.slice(1)];
}
