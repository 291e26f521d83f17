import { Loader, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconArrowUp, IconFolder } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listPage, type Place } from '../../api/objects.ts';
import { folderOf, nameOf } from '../../objects/names.ts';
import classes from './folder-picker.module.css';

type Props = {
  place: Place;
  /** the folder, with its slash; '' is the top */
  value: string;
  onChange: (folder: string) => void;
};

/** A folder to choose by going there, or to type: one that does not exist yet comes into being. */
export function FolderPicker({ place, value, onChange }: Props) {
  const { t } = useTranslation();
  // while a name is typed, what is above it is shown
  const shown = value.slice(0, value.lastIndexOf('/') + 1);
  const folders = useQuery({
    queryKey: ['folders', place.projectId, place.bucket, shown],
    queryFn: async ({ signal }) => {
      const page = await listPage(place, { prefix: shown, cursor: null, delimiter: '/', signal });
      return page.items.flatMap((item) => (item.kind === 'prefix' ? [item.prefix] : []));
    },
  });
  return (
    <div>
      <TextInput
        label={t('objects.to-folder')}
        description={t('objects.to-folder-text')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        placeholder={t('objects.top-folder')}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onBlur={() => {
          if (value !== '' && !value.endsWith('/')) onChange(`${value}/`);
        }}
      />
      <ul className={classes['list']} aria-label={t('objects.folders')}>
        {shown !== '' && (
          <li>
            <UnstyledButton className={classes['folder'] ?? ''} onClick={() => onChange(folderOf(shown))}>
              <IconArrowUp size={16} aria-hidden="true" />
              {t('objects.up')}
            </UnstyledButton>
          </li>
        )}
        {(folders.data ?? []).map((folder) => (
          <li key={folder}>
            <UnstyledButton className={classes['folder'] ?? ''} onClick={() => onChange(folder)}>
              <IconFolder size={16} aria-hidden="true" />
              {nameOf(folder)}
            </UnstyledButton>
          </li>
        ))}
        {folders.isPending && (
          <li className={classes['none']}>
            <Loader size={16} />
          </li>
        )}
        {folders.data?.length === 0 && (
          <li className={classes['none']}>
            <Text size="sm" c="dimmed">
              {t('objects.no-folders')}
            </Text>
          </li>
        )}
      </ul>
    </div>
  );
}
