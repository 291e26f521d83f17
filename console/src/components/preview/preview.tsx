// An object shown in the page, without ever running it: pictures, sound and film by the browser's own players, PDF in a
// frame of its own, text as text, Markdown in a frame without rights.
import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconDownload } from '@tabler/icons-react';
import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectView } from '../../../../src/console-api/contract/objects.ts';
import { contentUrl, type ObjectName, type Place } from '../../api/objects.ts';
import { useFormat } from '../../hooks/use-format.ts';
import { canPreview, type FileKind, kindOf } from '../../objects/file-kind.ts';
import type { Entry, FileEntry } from '../../objects/listing.ts';
import { nameOf } from '../../objects/names.ts';
import { isFile } from '../../objects/rows.ts';
import { Modal } from '../dialog.tsx';
import { TextPreview } from './text-preview.tsx';
import classes from './preview.module.css';

const MarkdownPreview = lazy(async () => ({ default: (await import('./markdown-preview.tsx')).MarkdownPreview }));

type Props = {
  place: Place;
  name: ObjectName;
  object: ObjectView;
  neighbours: readonly Entry[];
  onOther: (entry: Entry) => void;
  onClose: () => void;
};

const isShown = (entry: Entry): entry is FileEntry =>
  isFile(entry) &&
  !(entry.kind === 'version' && entry.deleteMarker) &&
  canPreview(kindOf(entry.key, entry.contentType));

export function Preview({ place, name, object, neighbours, onOther, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = neighbours.filter(isShown);
  const at = shown.findIndex(
    (entry) =>
      entry.key === name.key && (entry.kind === 'object' || entry.versionId === (name.versionId ?? entry.versionId)),
  );
  const go = (step: number) => {
    const next = at < 0 ? undefined : shown[at + step];
    return next === undefined ? null : () => onOther(next);
  };
  const [before, after] = [go(-1), go(1)];
  return (
    <Modal
      opened
      onClose={onClose}
      size="min(1100px, 94vw)"
      title={nameOf(name.key)}
      classNames={{ body: classes['body'] ?? '', content: classes['content'] ?? '', title: classes['title'] ?? '' }}
      onKeyDown={(event) => {
        const isMedia = event.target instanceof HTMLMediaElement;
        if (event.key === 'ArrowLeft' && !isMedia) before?.();
        if (event.key === 'ArrowRight' && !isMedia) after?.();
      }}
    >
      <div className={classes['stage']}>
        <Shown place={place} name={name} object={object} kind={kindOf(object.key, object.system.contentType ?? null)} />
      </div>
      <Group justify="space-between" className={classes['foot'] ?? ''} wrap="nowrap">
        <Text size="sm" c="dimmed" truncate className="num">
          {format.bytes(object.bytes)}
          {object.system.contentType !== undefined && ` · ${object.system.contentType}`}
        </Text>
        <Group gap={4} wrap="nowrap">
          <Tooltip label={t('preview.previous')}>
            <ActionIcon
              size="lg"
              aria-label={t('preview.previous')}
              disabled={before === null}
              onClick={() => before?.()}
            >
              <IconChevronLeft size={18} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('preview.next')}>
            <ActionIcon size="lg" aria-label={t('preview.next')} disabled={after === null} onClick={() => after?.()}>
              <IconChevronRight size={18} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('action.download')}>
            <ActionIcon
              size="lg"
              component="a"
              href={contentUrl(place, name, 'attachment')}
              download
              aria-label={t('action.download')}
            >
              <IconDownload size={18} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
    </Modal>
  );
}

type ShownProps = { place: Place; name: ObjectName; object: ObjectView; kind: FileKind };

function Shown({ place, name, object, kind }: ShownProps): ReactNode {
  const url = contentUrl(place, name, 'inline');
  const label = nameOf(name.key);
  switch (kind) {
    case 'image':
      return <img src={url} alt={label} className={classes['image']} />;
    case 'video':
      // oxlint-disable-next-line jsx-a11y/media-has-caption -- the bucket's films have none that we know of
      return <video src={url} controls preload="metadata" className={classes['film']} aria-label={label} />;
    case 'audio':
      // oxlint-disable-next-line jsx-a11y/media-has-caption
      return <audio src={url} controls preload="metadata" className={classes['sound']} aria-label={label} />;
    case 'pdf':
      // a PDF viewer does not start in a sandbox; the server sends it as a PDF and nothing else (content-headers.ts)
      // oxlint-disable-next-line react/iframe-missing-sandbox
      return <iframe src={url} title={label} className={classes['frame']} />;
    case 'markdown':
      return (
        <Suspense fallback={null}>
          <MarkdownPreview place={place} object={object} />
        </Suspense>
      );
    default:
      return <TextPreview place={place} object={object} kind={kind} />;
  }
}
