import { ActionIcon, Button, CloseButton, Menu, Switch, TextInput, Tooltip } from '@mantine/core';
import {
  IconChevronDown,
  IconFile,
  IconFolder,
  IconFolderPlus,
  IconRefresh,
  IconSearch,
  IconUpload,
} from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { chooseFiles } from '../../uploads/choose-files.ts';
import type { PickedFile } from '../../uploads/item.ts';
import classes from './browser.module.css';

type Props = {
  find: string;
  onFind: (find: string) => void;
  versions: boolean | null;
  onVersions: (versions: boolean) => void;
  refreshing: boolean;
  onRefresh: () => void;
  mayUpload: boolean;
  onUpload: (picked: readonly PickedFile[]) => void;
  onNewFolder: () => void;
};

export function Toolbar({ path, ...props }: Props & { path: ReactNode }) {
  const { t } = useTranslation();
  const { find, onFind, versions, onVersions, refreshing, onRefresh, mayUpload, onNewFolder } = props;
  return (
    <div className={classes['bar']}>
      {path}
      <Seek key={find} find={find} onFind={onFind} />
      {versions !== null && (
        <Switch
          label={t('objects.show-versions')}
          checked={versions}
          onChange={(event) => onVersions(event.currentTarget.checked)}
        />
      )}
      <div className={classes['tools']}>
        <Tooltip label={t('action.refresh')}>
          <ActionIcon
            size={36}
            variant="default"
            aria-label={t('action.refresh')}
            loading={refreshing}
            onClick={onRefresh}
          >
            <IconRefresh size={17} />
          </ActionIcon>
        </Tooltip>
        <Button
          variant="default"
          leftSection={<IconFolderPlus size={16} />}
          disabled={!mayUpload}
          onClick={onNewFolder}
          visibleFrom="sm"
        >
          {t('objects.new-folder')}
        </Button>
        <UploadMenu {...props} />
      </div>
    </div>
  );
}

function Seek({ find, onFind }: Pick<Props, 'find' | 'onFind'>) {
  const { t } = useTranslation();
  const [text, setText] = useState(find);
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onFind(text);
    if (event.key === 'Escape' && text !== '') {
      setText('');
      onFind('');
    }
  };
  return (
    <TextInput
      className={classes['seek'] ?? ''}
      leftSection={<IconSearch size={16} />}
      placeholder={t('objects.seek')}
      aria-label={t('objects.seek')}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={press}
      onBlur={() => {
        if (text !== find) onFind(text);
      }}
      rightSection={
        text === '' ? null : <CloseButton size="sm" aria-label={t('table.clear-search')} onClick={() => onFind('')} />
      }
    />
  );
}

function UploadMenu({ mayUpload, onUpload, onNewFolder }: Props) {
  const { t } = useTranslation();
  const choose = async (folder: boolean) => onUpload(await chooseFiles(folder));
  return (
    <Menu width={200}>
      <Menu.Target>
        <Button
          leftSection={<IconUpload size={16} />}
          rightSection={<IconChevronDown size={14} />}
          disabled={!mayUpload}
        >
          {t('objects.upload')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFile size={16} />} onClick={() => void choose(false)}>
          {t('objects.upload-files')}
        </Menu.Item>
        <Menu.Item leftSection={<IconFolder size={16} />} onClick={() => void choose(true)}>
          {t('objects.upload-folder')}
        </Menu.Item>
        <Menu.Item leftSection={<IconFolderPlus size={16} />} onClick={onNewFolder} hiddenFrom="sm">
          {t('objects.new-folder')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
