import { Menu } from '@mantine/core';
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
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectRight } from '../../../../src/console-api/contract/objects.ts';
import { contentUrl, type Place } from '../../api/objects.ts';
import type { Entry } from '../../objects/listing.ts';
import { isFile, labelOf } from '../../objects/rows.ts';
import type { EntryAction } from './actions.ts';
import classes from './browser.module.css';

type Props = {
  place: Place;
  entry: Entry;
  rights: readonly ObjectRight[];
  onAction: (action: EntryAction, entry: Entry) => void;
};

/** A hundred rows are not a hundred menus: one comes into being when its button is first pressed. */
export function EntryMenu(props: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<boolean | null>(null);
  const button = {
    type: 'button',
    className: classes['dots'],
    tabIndex: -1,
    'aria-label': t('table.actions-of', { name: labelOf(props.entry) }),
    children: <IconDotsVertical size={18} aria-hidden="true" />,
  } as const;
  if (opened === null) {
    return <button {...button} aria-haspopup="menu" aria-expanded={false} onClick={() => setOpened(true)} />;
  }
  return (
    <Menu width={220} opened={opened} onChange={setOpened}>
      <Menu.Target>
        <button {...button} />
      </Menu.Target>
      <Items {...props} />
    </Menu>
  );
}

function Items({ place, entry, rights, onAction }: Props) {
  const { t } = useTranslation();
  const may = (right: ObjectRight): boolean => rights.includes(right);
  const act = (action: EntryAction) => () => onAction(action, entry);
  const isMarker = entry.kind === 'version' && entry.deleteMarker;
  const isOld = entry.kind === 'version' && !entry.isLatest;
  const plain = entry.kind !== 'version';
  return (
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
          <Menu.Item leftSection={<IconTrash size={16} />} color="var(--vs-red)" onClick={act('delete')}>
            {t('action.delete')}
          </Menu.Item>
        </>
      )}
    </Menu.Dropdown>
  );
}

const nameOf = (entry: Exclude<Entry, { kind: 'prefix' }>) =>
  entry.kind === 'version' ? { key: entry.key, versionId: entry.versionId } : { key: entry.key };
