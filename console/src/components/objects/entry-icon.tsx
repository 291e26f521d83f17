import {
  IconBraces,
  IconFile,
  IconFileCode,
  IconFileSpreadsheet,
  IconFileText,
  IconFileTypePdf,
  IconFileZip,
  IconFolder,
  IconMarkdown,
  IconMovie,
  IconMusic,
  IconPhoto,
  IconTrashX,
} from '@tabler/icons-react';
import { type FileKind, kindOf } from '../../objects/file-kind.ts';
import type { Entry } from '../../objects/listing.ts';
import classes from './browser.module.css';

const icons: Readonly<Record<FileKind, typeof IconFile>> = {
  image: IconPhoto,
  video: IconMovie,
  audio: IconMusic,
  pdf: IconFileTypePdf,
  markdown: IconMarkdown,
  csv: IconFileSpreadsheet,
  json: IconBraces,
  code: IconFileCode,
  text: IconFileText,
  archive: IconFileZip,
  document: IconFileText,
  other: IconFile,
};

export function EntryIcon({ entry, size = 20 }: { entry: Entry; size?: number }) {
  const isFolder = entry.kind === 'prefix';
  const isMarker = entry.kind === 'version' && entry.deleteMarker;
  const Icon = isFolder ? IconFolder : isMarker ? IconTrashX : icons[kindOf(entry.key, entry.contentType)];
  return (
    <Icon
      size={size}
      stroke={1.6}
      aria-hidden="true"
      className={classes['icon']}
      data-kind={isFolder ? 'folder' : undefined}
    />
  );
}
