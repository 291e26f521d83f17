import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../save-file.ts';
import { CopyButton } from './copy-button.tsx';
import classes from './code-block.module.css';

type Props = { title: string; text: string; download?: { name: string; contentType: string } };

/** Something to paste: its name, its text, Copy, and Download when it is a file. */
export function CodeBlock({ title, text, download }: Props) {
  const { t } = useTranslation();
  return (
    <figure className={classes['block']}>
      <figcaption className={classes['bar']}>
        <Text size="xs" fw={550} c="dimmed" className={classes['title'] ?? ''}>
          {title}
        </Text>
        <CopyButton value={text} label={t('action.copy-named', { name: title })} />
        {download !== undefined && (
          <Tooltip label={t('action.download')}>
            <ActionIcon
              aria-label={t('action.download-named', { name: download.name })}
              onClick={() => saveFile(download.name, text, download.contentType)}
            >
              <IconDownload size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </figcaption>
      {/* A region that scrolls must be reachable by keyboard. */}
      <pre className={classes['code']} tabIndex={0}>
        <code>{text.trimEnd()}</code>
      </pre>
    </figure>
  );
}
