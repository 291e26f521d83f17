import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatDateTime } from '../../format.ts';
import { useFormat } from '../../hooks/use-format.ts';
import type { Entry } from '../../objects/listing.ts';
import { labelOf } from '../../objects/rows.ts';
import { EntryIcon } from './entry-icon.tsx';
import classes from './browser.module.css';

type Props = { entry: Entry; onOpen: (entry: Entry) => void };

/** The name, which opens it; on a phone the facts that have no columns there stand below. */
export function EntryName({ entry, onOpen }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const older = entry.kind === 'version' && !entry.isLatest;
  return (
    <div className={classes['name']} data-older={older || undefined}>
      <EntryIcon entry={entry} />
      <div className={classes['label']}>
        <button
          type="button"
          className={classes['link']}
          tabIndex={-1}
          title={labelOf(entry)}
          onClick={() => onOpen(entry)}
        >
          {labelOf(entry)}
          {entry.kind === 'prefix' ? '/' : ''}
        </button>
        {entry.kind !== 'prefix' && (
          <div className={classes['sub']}>
            <span className="num">{format.bytes(entry.bytes)}</span> · {formatDateTime(entry.lastModified)}
          </div>
        )}
      </div>
      {entry.kind === 'version' && <VersionMark deleted={entry.deleteMarker} latest={entry.isLatest} t={t} />}
    </div>
  );
}

type MarkProps = { deleted: boolean; latest: boolean; t: ReturnType<typeof useTranslation>['t'] };

function VersionMark({ deleted, latest, t }: MarkProps) {
  if (deleted) {
    return (
      <Badge variant="default" size="sm" tt="none" fw={550}>
        {t('objects.delete-marker')}
      </Badge>
    );
  }
  if (!latest) return null;
  return (
    <Badge variant="light" size="sm" tt="none" fw={550}>
      {t('objects.current')}
    </Badge>
  );
}
