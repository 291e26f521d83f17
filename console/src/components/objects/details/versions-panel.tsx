import { ActionIcon, Badge, Button, Checkbox, Group, Loader, Stack, Text, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconGitCompare, IconRestore, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectView, VersionEntry } from '../../../../../src/console-api/contract/objects.ts';
import { contentUrl, deleteObjects, type Place, versionsOfQuery } from '../../../api/objects.ts';
import { formatDateTime } from '../../../format.ts';
import { useFormat } from '../../../hooks/use-format.ts';
import { announceChange } from '../../../objects/changes.ts';
import { ConfirmDialog } from '../../confirm-dialog.tsx';
import { ProblemNotice } from '../../problem-notice.tsx';
import { useRestore } from '../use-restore.ts';
import { CompareVersions } from './compare-versions.tsx';
import classes from './details.module.css';

type Version = Extract<VersionEntry, { kind: 'version' }>;

type Props = { place: Place; object: ObjectView };

export function VersionsPanel({ place, object }: Props) {
  const { t } = useTranslation();
  const found = useQuery(versionsOfQuery(place, object.key));
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [doomed, setDoomed] = useState<Version | null>(null);
  const [comparing, setComparing] = useState(false);
  const restore = useRestore(place);
  const versions = found.data ?? [];
  const pair = versions.filter(({ versionId }) => picked.includes(versionId));
  const pick = (versionId: string) =>
    setPicked((now) =>
      now.includes(versionId) ? now.filter((one) => one !== versionId) : [...now, versionId].slice(-2),
    );
  const [newer, older] = pair;
  return (
    <Stack gap="sm">
      <ProblemNotice error={found.error} />
      {found.isPending && <Loader size={18} />}
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {t('objects.version-count', { count: versions.length })}
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconGitCompare size={14} />}
          disabled={pair.length !== 2}
          onClick={() => setComparing(true)}
        >
          {t('objects.compare')}
        </Button>
      </Group>
      <ul className={classes['list']} aria-label={t('objects.versions')}>
        {versions.map((version) => (
          <li key={version.versionId}>
            <VersionRow
              place={place}
              version={version}
              picked={picked.includes(version.versionId)}
              mayRestore={object.rights.includes('upload')}
              mayDelete={object.rights.includes('delete-versions')}
              onPick={() => pick(version.versionId)}
              onRestore={() => restore(version)}
              onDelete={() => setDoomed(version)}
            />
          </li>
        ))}
      </ul>
      {comparing && newer !== undefined && older !== undefined && (
        <CompareVersions place={place} newer={newer} older={older} onClose={() => setComparing(false)} />
      )}
      {doomed !== null && <DeleteVersion place={place} version={doomed} onClose={() => setDoomed(null)} />}
    </Stack>
  );
}

type RowProps = {
  place: Place;
  version: Version;
  picked: boolean;
  mayRestore: boolean;
  mayDelete: boolean;
  onPick: () => void;
  onRestore: () => void;
  onDelete: () => void;
};

function VersionRow({ place, version, picked, mayRestore, mayDelete, onPick, onRestore, onDelete }: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { key, versionId, deleteMarker, isLatest, locked, lastModified, bytes } = version;
  const time = formatDateTime(lastModified);
  return (
    <>
      <Checkbox
        aria-label={t('objects.pick-version', { time })}
        checked={picked}
        disabled={deleteMarker}
        onChange={onPick}
      />
      <div className={classes['grow']}>
        <Group gap={6}>
          <Text size="sm" fw={550} className="num">
            {time}
          </Text>
          {isLatest && (
            <Badge variant="light" size="sm" tt="none" fw={550}>
              {t('objects.current')}
            </Badge>
          )}
          {locked && (
            <Badge variant="default" size="sm" tt="none" fw={550}>
              {t('objects.is-locked')}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed" truncate>
          {deleteMarker ? t('objects.delete-marker') : format.bytes(bytes)} ·{' '}
          <span className="mono" title={versionId}>
            {versionId.slice(0, 12)}
          </span>
        </Text>
      </div>
      {!deleteMarker && (
        <Tooltip label={t('action.download')}>
          <ActionIcon
            component="a"
            href={contentUrl(place, { key, versionId }, 'attachment')}
            download
            aria-label={t('objects.download-version', { time })}
          >
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      )}
      {!deleteMarker && !isLatest && mayRestore && (
        <Tooltip label={t('objects.restore')}>
          <ActionIcon aria-label={t('objects.restore-version', { time })} onClick={onRestore}>
            <IconRestore size={16} />
          </ActionIcon>
        </Tooltip>
      )}
      {mayDelete && (
        <Tooltip label={t('action.delete')}>
          <ActionIcon aria-label={t('objects.delete-version', { time })} onClick={onDelete}>
            <IconTrash size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </>
  );
}

function DeleteVersion({ place, version, onClose }: { place: Place; version: Version; onClose: () => void }) {
  const { t } = useTranslation();
  const { key, versionId, deleteMarker, lastModified } = version;
  const remove = useMutation({
    mutationFn: async () => {
      const { results } = await deleteObjects(place, { items: [{ key, versionId }] });
      const [result] = results;
      if (result?.deleted === false) throw new Error(result.detail);
    },
    onSuccess: () => {
      notifications.show({ message: t('objects.deleted', { count: 1 }) });
      announceChange(place);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={t('objects.delete-version', { time: formatDateTime(lastModified) })}
      action={t('objects.delete-for-good')}
      error={null}
      pending={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {t(deleteMarker ? 'objects.marker-goes' : 'objects.this-version-goes')}
      {remove.error !== null && (
        <Text size="sm" c="var(--vs-red)" role="alert" mt="xs">
          {remove.error.message}
        </Text>
      )}
    </ConfirmDialog>
  );
}
