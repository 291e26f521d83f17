import { Button, CloseButton, Text } from '@mantine/core';
import { IconCopy, IconDownload, IconFolderSymlink, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../hooks/use-format.ts';
import type { Entry } from '../../objects/listing.ts';
import { isFile } from '../../objects/rows.ts';
import classes from './browser.module.css';

type Props = {
  chosen: readonly Entry[];
  mayDownload: boolean;
  mayDelete: boolean;
  onDownload: () => void;
  onCopy: () => void;
  onMove: () => void;
  onDelete: () => void;
  onClear: () => void;
};

/** What can be done with what is chosen, in place of the toolbar. */
export function SelectionBar({ chosen, mayDownload, mayDelete, onDownload, onCopy, onMove, onDelete, onClear }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const bytes = chosen.reduce((sum, entry) => sum + (isFile(entry) ? entry.bytes : 0), 0);
  const versions = chosen.some((entry) => entry.kind === 'version');
  return (
    <div className={`${classes['bar']} ${classes['chosen']}`} role="toolbar" aria-label={t('objects.selection')}>
      <CloseButton aria-label={t('objects.clear-selection')} onClick={onClear} />
      <Text size="sm" fw={600} aria-live="polite">
        {t('objects.selected', { count: chosen.length, number: format.count(chosen.length) })}
        {bytes > 0 && (
          <Text span inherit fw={400} c="dimmed" className="num">
            {' '}
            · {format.bytes(bytes)}
          </Text>
        )}
      </Text>
      <div className={classes['tools']}>
        {!versions && (
          <>
            <Button
              variant="default"
              leftSection={<IconDownload size={16} />}
              disabled={!mayDownload}
              onClick={onDownload}
            >
              {t('action.download')}
            </Button>
            <Button variant="default" leftSection={<IconCopy size={16} />} disabled={!mayDownload} onClick={onCopy}>
              {t('objects.copy')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconFolderSymlink size={16} />}
              disabled={!mayDelete}
              onClick={onMove}
            >
              {t('objects.move')}
            </Button>
          </>
        )}
        <Button variant="default" leftSection={<IconTrash size={16} />} disabled={!mayDelete} onClick={onDelete}>
          {t('action.delete')}
        </Button>
      </div>
    </div>
  );
}
