// Before anything is deleted it is said what that comes to: hidden or gone for good, how much, what stays.
import { Checkbox, Loader, Radio, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeletePreview, ObjectRight } from '../../../../src/console-api/contract/objects.ts';
import { deleteObjects, deletePreviewQuery, type Place } from '../../api/objects.ts';
import { useCreateTask } from '../../api/tasks.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { openActivity } from '../../objects/activity.ts';
import { announceChange } from '../../objects/changes.ts';
import type { Entry } from '../../objects/listing.ts';
import { nameOf } from '../../objects/names.ts';
import { keyOf } from '../../objects/rows.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { Notice } from '../notice.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import classes from './browser.module.css';

type Props = {
  place: Place;
  entries: readonly Entry[];
  rights: readonly ObjectRight[];
  onGone: (entries: readonly Entry[]) => void;
  onClose: () => void;
};

/** What is deleted while the reader waits; more, and folders, become a task. */
const AT_ONCE = 1000;
/** So many, gone for good, are confirmed by typing. */
const MANY = 100;

const itemOf = (entry: Entry) => {
  if (entry.kind === 'prefix') return { prefix: entry.prefix };
  return entry.kind === 'version' ? { key: entry.key, versionId: entry.versionId } : { key: entry.key };
};

export function DeleteEntries({ place, entries, rights, onGone, onClose }: Props) {
  const { t } = useTranslation();
  const items = entries.map(itemOf);
  const preview = useQuery(deletePreviewQuery(place, { items }));
  const [all, setAll] = useState(false);
  const [bypass, setBypass] = useState(false);
  const isVersions = entries.some(({ kind }) => kind === 'version');
  const remove = useRemove(place, entries, { all, bypass, onGone, onClose });
  const forGood = all || isVersions || preview.data?.versioning === 'off';
  const many = forGood && (preview.data?.complete === false || (preview.data?.objects ?? 0) > MANY);
  const [first] = entries;
  const name = first === undefined ? '' : nameOf(keyOf(first));
  return (
    <ConfirmDialog
      title={t('objects.delete-title', { count: entries.length, name })}
      action={t(forGood ? 'objects.delete-for-good' : 'action.delete')}
      error={remove.error}
      pending={remove.pending}
      onConfirm={remove.run}
      onClose={onClose}
      {...(many ? { phrase: 'delete' } : {})}
    >
      <Stack gap="sm">
        {entries.length > 1 && <Names entries={entries} />}
        {preview.isPending && <Loader size={18} aria-label={t('objects.counting')} />}
        <ProblemNotice error={preview.error} />
        {preview.data !== undefined && (
          <Consequences preview={preview.data} isVersions={isVersions} all={all} onAll={setAll} rights={rights} />
        )}
        {(preview.data?.locked ?? 0) > 0 && rights.includes('bypass') && forGood && (
          <Checkbox
            label={t('objects.bypass')}
            checked={bypass}
            onChange={(event) => setBypass(event.currentTarget.checked)}
          />
        )}
      </Stack>
    </ConfirmDialog>
  );
}

/** The first of them, so that nobody deletes what was selected by mistake. */
const NAMED = 6;

function Names({ entries }: { entries: readonly Entry[] }) {
  const { t } = useTranslation();
  const rest = entries.length - NAMED;
  return (
    <Text size="sm" c="dimmed" className={classes['names'] ?? ''}>
      {entries
        .slice(0, NAMED)
        .map((entry) => nameOf(keyOf(entry)) + (entry.kind === 'prefix' ? '/' : ''))
        .join(', ')}
      {rest > 0 && ` ${t('objects.and-others', { count: rest })}`}
    </Text>
  );
}

type ConsequencesProps = {
  preview: DeletePreview;
  isVersions: boolean;
  all: boolean;
  onAll: (all: boolean) => void;
  rights: readonly ObjectRight[];
};

function Consequences({ preview, isVersions, all, onAll, rights }: ConsequencesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { objects, bytes, older, locked, complete, versioning } = preview;
  const amount = t(complete ? 'objects.amount' : 'objects.amount-at-least', {
    count: objects,
    objects: format.count(objects),
    size: format.bytes(bytes),
  });
  const everything = (older?.versions ?? 0) + objects;
  const markers = older?.deleteMarkers ?? 0;
  if (isVersions) return <Text>{t('objects.version-goes', { amount })}</Text>;
  return (
    <>
      {versioning === 'off' && <Text>{t('objects.goes', { amount })}</Text>}
      {versioning === 'suspended' && <Text>{t('objects.goes-suspended', { amount })}</Text>}
      {versioning === 'enabled' && (
        <Radio.Group value={all ? 'all' : 'hide'} onChange={(value) => onAll(value === 'all')}>
          <Stack gap="sm">
            <Radio value="hide" label={t('objects.hide')} description={t('objects.hide-text', { amount })} />
            {rights.includes('delete-versions') && (
              <Radio
                value="all"
                label={t('objects.all-versions')}
                description={t('objects.all-versions-text', {
                  versions: format.count(everything),
                  markers: format.count(markers),
                  size: format.bytes(bytes + (older?.bytes ?? 0)),
                })}
              />
            )}
          </Stack>
        </Radio.Group>
      )}
      {locked > 0 && (
        <Notice tone="warning">{t('objects.locked', { count: locked, number: format.count(locked) })}</Notice>
      )}
    </>
  );
}

type Options = Pick<Props, 'onGone' | 'onClose'> & { all: boolean; bypass: boolean };

function useRemove(place: Place, entries: readonly Entry[], { all, bypass, onGone, onClose }: Options) {
  const { t } = useTranslation();
  const create = useCreateTask(place.projectId);
  const now = useMutation({
    mutationFn: () => {
      const items = entries.flatMap((entry) => {
        const item = itemOf(entry);
        return 'prefix' in item ? [] : [item];
      });
      return deleteObjects(place, { items, bypassGovernance: bypass });
    },
    onSuccess: ({ results }) => {
      onGone(entries.filter((_entry, index) => results[index]?.deleted === true));
      announceChange(place);
      onClose();
      const failed = results.filter(({ deleted }) => !deleted);
      const [first] = failed;
      const message =
        failed.length === 0
          ? t('objects.deleted', { count: results.length })
          : t('objects.not-deleted', { count: failed.length, why: first?.deleted === false ? first.detail : '' });
      notifications.show({ message, ...(failed.length === 0 ? {} : { color: 'red', autoClose: 8000 }) });
    },
  });
  const isLong = all || entries.length > AT_ONCE || entries.some(({ kind }) => kind === 'prefix');
  const start = () =>
    create.mutate(
      { kind: 'delete', bucket: place.bucket, items: entries.map(itemOf), versions: all, bypassGovernance: bypass },
      {
        onSuccess: () => {
          notifications.show({ message: t('objects.deleting') });
          openActivity(place.projectId);
          onClose();
        },
      },
    );
  return {
    run: isLong ? start : () => now.mutate(),
    error: isLong ? create.error : now.error,
    pending: create.isPending || now.isPending,
  };
}
