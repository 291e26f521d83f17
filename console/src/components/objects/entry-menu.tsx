import { ActionIcon, Menu } from '@mantine/core';
import {
  IconCopy,
  IconCursorText,
  IconDotsVertical,
  IconDownload,
  IconFolderSymlink,
  IconInfoCircle,
  IconRestore,
  IconTrash,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ObjectRight } from '../../../../src/console-api/contract/objects.ts';
import { contentUrl, type Place } from '../../api/objects.ts';
import type { Entry } from '../../objects/listing.ts';
import { isFile, labelOf } from '../../objects/rows.ts';
import type { EntryAction } from './actions.ts';

type Props = {
  place: Place;
  entry: Entry;
  rights: readonly ObjectRight[];
  onAction: (action: EntryAction, entry: Entry) => void;
};

export function EntryMenu({ place, entry, rights, onAction }: Props) {
  const { t } = useTranslation();
  const may = (right: ObjectRight): boolean => rights.includes(right);
  const act = (action: EntryAction) => () => onAction(action, entry);
  const isMarker = entry.kind === 'version' && entry.deleteMarker;
  const isOld = entry.kind === 'version' && !entry.isLatest;
  const plain = entry.kind !== 'version';
  return (
    <Menu width={220}>
      <Menu.Target>
        <ActionIcon size="lg" tabIndex={-1} aria-label={t('table.actions-of', { name: labelOf(entry) })}>
          <IconDotsVertical size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {isFile(entry) && !isMarker && (
          <>
            <Menu.Item leftSection={<IconInfoCircle size={16} />} onClick={act('details')}>
              {t('objects.details')}
            </Menu.Item>
            {may('download') && (
              <Menu.Item
                leftSection={<IconDownload size={16} />}
                component="a"
                href={contentUrl(place, nameOf(entry), 'attachment')}
                download
              >
                {t('action.download')}
              </Menu.Item>
            )}
          </>
        )}
        {entry.kind === 'prefix' && may('download') && (
          <Menu.Item leftSection={<IconDownload size={16} />} onClick={act('download')}>
            {t('objects.download-zip')}
          </Menu.Item>
        )}
        {isOld && !isMarker && may('upload') && (
          <Menu.Item leftSection={<IconRestore size={16} />} onClick={act('restore')}>
            {t('objects.restore')}
          </Menu.Item>
        )}
        {plain && may('download') && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconCopy size={16} />} onClick={act('copy')}>
              {t('objects.copy')}
            </Menu.Item>
            {may('delete') && (
              <>
                <Menu.Item leftSection={<IconFolderSymlink size={16} />} onClick={act('move')}>
                  {t('objects.move')}
                </Menu.Item>
                <Menu.Item leftSection={<IconCursorText size={16} />} onClick={act('rename')}>
                  {t('objects.rename')}
                </Menu.Item>
              </>
            )}
          </>
        )}
        {may(entry.kind === 'version' ? 'delete-versions' : 'delete') && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={act('delete')}>
              {t('action.delete')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

const nameOf = (entry: Exclude<Entry, { kind: 'prefix' }>) =>
  entry.kind === 'version' ? { key: entry.key, versionId: entry.versionId } : { key: entry.key };
