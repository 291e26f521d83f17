import { Button, Group } from '@mantine/core';
import { IconCloudUpload, IconSearchOff, IconUpload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Place } from '../../api/objects.ts';
import { chooseFiles } from '../../uploads/choose-files.ts';
import type { PickedFile } from '../../uploads/item.ts';
import { FirstSteps } from '../buckets/first-steps.tsx';
import { EmptyState } from '../empty-state.tsx';
import classes from './browser.module.css';

type Props = {
  place: Place;
  top: boolean;
  find: string;
  mayUpload: boolean;
  onUpload: (picked: readonly PickedFile[]) => void;
  onClear: () => void;
};

export function EmptyFolder({ place, top, find, mayUpload, onUpload, onClear }: Props) {
  const { t } = useTranslation();
  if (find !== '') {
    return (
      <EmptyState
        icon={<IconSearchOff size={24} />}
        title={t('objects.nothing-begins', { find })}
        action={
          <Button variant="default" onClick={onClear}>
            {t('table.clear-search')}
          </Button>
        }
      />
    );
  }
  const choose = async (folder: boolean) => onUpload(await chooseFiles(folder));
  return (
    <EmptyState
      icon={<IconCloudUpload size={24} />}
      title={t(top ? 'objects.empty-bucket' : 'objects.empty-folder')}
      text={t(mayUpload ? 'objects.empty-text' : 'objects.empty-read-only')}
      action={
        <>
          {mayUpload && (
            <Group gap="xs" justify="center">
              <Button leftSection={<IconUpload size={16} />} onClick={() => void choose(false)}>
                {t('objects.upload-files')}
              </Button>
              <Button variant="default" onClick={() => void choose(true)}>
                {t('objects.upload-folder')}
              </Button>
            </Group>
          )}
          {top && (
            <div className={classes['steps']}>
              <FirstSteps projectId={place.projectId} bucket={place.bucket} />
            </div>
          )}
        </>
      }
    />
  );
}
