// Ten codes, shown once: saved or printed, then gone.
import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../../save-file.ts';
import { CopyButton } from '../copy-button.tsx';
import { Notice } from '../notice.tsx';
import classes from './security.module.css';

type Props = { codes: readonly string[]; onDone: () => void };

export function RecoveryCodes({ codes, onDone }: Props) {
  const { t } = useTranslation();
  const [saved, setSaved] = useState(false);
  const text = codes.join('\n');
  const download = () => saveFile('vstorage-recovery-codes.txt', `${text}\n`, 'text/plain');
  return (
    <Stack>
      <Notice tone="warning" title={t('security.codes-title')}>
        {t('security.codes-text')}
      </Notice>
      <ul className={classes['codes']} aria-label={t('security.codes')}>
        {codes.map((code) => (
          <li key={code} className="mono">
            {code}
          </li>
        ))}
      </ul>
      <Group gap="xs">
        <CopyButton value={text} label={t('security.copy-codes')} text={t('action.copy')} />
        <Button variant="default" leftSection={<IconDownload size={15} />} onClick={download}>
          {t('action.download')}
        </Button>
      </Group>
      <Checkbox
        label={<Text size="sm">{t('security.codes-saved')}</Text>}
        checked={saved}
        onChange={(event) => setSaved(event.currentTarget.checked)}
      />
      <Group justify="flex-end">
        <Button disabled={!saved} onClick={onDone}>
          {t('security.done')}
        </Button>
      </Group>
    </Stack>
  );
}
