// All there is to know of one object, and to do with it, beside the listing.
import { Button, Group, Menu, Skeleton, Stack, Tabs, Text, UnstyledButton } from '@mantine/core';
import { IconDots, IconDownload, IconEye } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectView } from '../../../../../src/console-api/contract/objects.ts';
import { bucketQuery } from '../../../api/buckets.ts';
import { contentUrl, type ObjectName, objectQuery, type Place } from '../../../api/objects.ts';
import { useFormat } from '../../../hooks/use-format.ts';
import { canPreview, kindOf } from '../../../objects/file-kind.ts';
import type { Entry } from '../../../objects/listing.ts';
import { nameOf } from '../../../objects/names.ts';
import { Drawer } from '../../dialog.tsx';
import { ProblemNotice } from '../../problem-notice.tsx';
import type { BrowserDialog } from '../actions.ts';
import { ArchivePanel } from './archive-panel.tsx';
import { LockPanel } from './lock-panel.tsx';
import { MetadataPanel } from './metadata-panel.tsx';
import { ObjectFacts } from './object-facts.tsx';
import { SharePanel } from './share-panel.tsx';
import { TagsPanel } from './tags-panel.tsx';
import { VersionsPanel } from './versions-panel.tsx';
import classes from './details.module.css';

const Preview = lazy(async () => ({ default: (await import('../../preview/preview.tsx')).Preview }));

/** Larger pictures are not fetched unasked. */
const THUMBNAIL_BYTES = 8 * 1024 ** 2;

type Props = {
  place: Place;
  name: ObjectName;
  /** the rows that the preview can go to */
  neighbours: readonly Entry[];
  onOther: (entry: Entry) => void;
  onDialog: (dialog: BrowserDialog) => void;
  onClose: () => void;
};

export function ObjectDetails({ place, name, neighbours, onOther, onDialog, onClose }: Props) {
  // while the preview goes on to the next one, this one stays
  const found = useQuery({ ...objectQuery(place, name), placeholderData: keepPreviousData });
  const [previewing, setPreviewing] = useState(false);
  const object = found.data;
  return (
    <Drawer opened onClose={onClose} title={nameOf(name.key)} size={560} classNames={{ title: classes['title'] ?? '' }}>
      <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />
      {found.isPending && (
        <Stack>
          <Skeleton h={36} />
          <Skeleton h={180} />
          <Skeleton h={120} />
        </Stack>
      )}
      {object !== undefined && (
        <Loaded
          key={`${object.key} ${name.versionId ?? ''}`}
          place={place}
          name={name}
          object={object}
          onPreview={() => setPreviewing(true)}
          onDialog={onDialog}
        />
      )}
      {previewing && object !== undefined && (
        <Suspense fallback={null}>
          <Preview
            place={place}
            name={{ ...name, key: object.key }}
            object={object}
            neighbours={neighbours}
            onOther={onOther}
            onClose={() => setPreviewing(false)}
          />
        </Suspense>
      )}
    </Drawer>
  );
}

type LoadedProps = Pick<Props, 'place' | 'name' | 'onDialog'> & { object: ObjectView; onPreview: () => void };

function Loaded({ place, name, object, onPreview, onDialog }: LoadedProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const bucket = useQuery(bucketQuery(place.projectId, place.bucket)).data;
  const may = (right: ObjectView['rights'][number]): boolean => object.rights.includes(right);
  const readable = may('download') && object.archive?.readable !== false && object.encryption?.type !== 'SSE-C';
  const kind = kindOf(object.key, object.system.contentType ?? null);
  const versioned = bucket !== undefined && bucket.versioning !== 'off';
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed" className="num">
        {format.bytes(object.bytes)}
        {name.versionId !== undefined && ` · ${t(object.isLatest ? 'objects.current' : 'objects.older-version')}`}
      </Text>
      <Group gap="xs">
        {canPreview(kind) && (
          <Button leftSection={<IconEye size={16} />} disabled={!readable} onClick={onPreview}>
            {t('objects.preview')}
          </Button>
        )}
        <Button
          component="a"
          href={contentUrl(place, name, 'attachment')}
          download
          variant="default"
          leftSection={<IconDownload size={16} />}
          {...(readable
            ? {}
            : { 'data-disabled': true, onClick: (event: { preventDefault: () => void }) => event.preventDefault() })}
        >
          {t('action.download')}
        </Button>
        {name.versionId === undefined && <MoreMenu object={object} onDialog={onDialog} />}
      </Group>
      {kind === 'image' && readable && object.bytes <= THUMBNAIL_BYTES && (
        <UnstyledButton className={classes['thumbnail'] ?? ''} onClick={onPreview} aria-label={t('objects.preview')}>
          <img src={contentUrl(place, name, 'inline')} alt="" />
        </UnstyledButton>
      )}
      {object.archive !== null && <ArchivePanel place={place} name={name} archive={object.archive} />}
      <Tabs defaultValue="properties" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="properties">{t('objects.properties')}</Tabs.Tab>
          {versioned && <Tabs.Tab value="versions">{t('objects.versions')}</Tabs.Tab>}
          <Tabs.Tab value="share" disabled={!readable}>
            {t('objects.share')}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="properties" pt="md">
          <Stack gap="lg">
            <ObjectFacts place={place} object={object} />
            <MetadataPanel place={place} name={name} object={object} />
            <TagsPanel place={place} name={name} object={object} />
            {object.lock !== null && <LockPanel place={place} name={name} object={object} lock={object.lock} />}
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="versions" pt="md">
          <VersionsPanel place={place} object={object} />
        </Tabs.Panel>
        <Tabs.Panel value="share" pt="md">
          <SharePanel place={place} name={name} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function MoreMenu({ object, onDialog }: { object: ObjectView; onDialog: (dialog: BrowserDialog) => void }) {
  const { t } = useTranslation();
  const entry: Entry = {
    kind: 'object',
    key: object.key,
    bytes: object.bytes,
    lastModified: object.lastModified,
    etag: object.etag,
    storageClass: object.storageClass,
    contentType: object.system.contentType ?? null,
  };
  const entries = [entry];
  const mayDelete = object.rights.includes('delete');
  return (
    <Menu width={200} position="bottom-start">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDots size={16} />}>
          {t('objects.more')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onDialog({ kind: 'copy', entries })}>{t('objects.copy')}</Menu.Item>
        {mayDelete && (
          <>
            <Menu.Item onClick={() => onDialog({ kind: 'move', entries })}>{t('objects.move')}</Menu.Item>
            <Menu.Item onClick={() => onDialog({ kind: 'rename', entry })}>{t('objects.rename')}</Menu.Item>
            <Menu.Divider />
            <Menu.Item color="var(--vs-red)" onClick={() => onDialog({ kind: 'delete', entries })}>
              {t('action.delete')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
