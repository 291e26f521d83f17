import { Button, Checkbox, Group, Stack, Tabs } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CreatedS3Key, ProjectView } from '../../../../src/console-api/contract.ts';
import { saveFile } from '../../save-file.ts';
import { useRegion } from '../../hooks/use-region.ts';
import { keyFile, keyFileName } from '../../key-file.ts';
import { ConnectionGuide } from '../connection/connection-guide.tsx';
import { CopyButton } from '../copy-button.tsx';
import { Notice } from '../notice.tsx';
import classes from './keys.module.css';
import { SecretRow } from './secret-row.tsx';

type Props = { project: ProjectView; created: CreatedS3Key; onClose: () => void };

export function CreatedKey({ project, created, onClose }: Props) {
  const { t } = useTranslation();
  const [saved, setSaved] = useState(false);
  return (
    <Stack>
      <Tabs defaultValue="save" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="save">{t('keys.save-tab')}</Tabs.Tab>
          <Tabs.Tab value="connect">{t('keys.connect-tab')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="save">
          <SaveKey project={project} created={created} onSaved={() => setSaved(true)} />
        </Tabs.Panel>
        <Tabs.Panel value="connect" className={classes['connect'] ?? ''}>
          <ConnectionGuide projectId={project.id} accessKey={created.accessKey} secretKey={created.secretKey} compact />
        </Tabs.Panel>
      </Tabs>
      <Group justify="space-between" mt="xs">
        <Checkbox label={t('keys.saved')} checked={saved} onChange={(event) => setSaved(event.currentTarget.checked)} />
        <Button disabled={!saved} onClick={onClose}>
          {t('action.close')}
        </Button>
      </Group>
    </Stack>
  );
}

function SaveKey({ project, created, onSaved }: { project: ProjectView; created: CreatedS3Key; onSaved: () => void }) {
  const { t } = useTranslation();
  const { regions } = useRegion();
  const endpoint = regions.find((region) => region.name === project.region)?.endpoint ?? '';
  const { accessKey, secretKey } = created;
  const text = keyFile({ project: project.name, endpoint, region: project.region, accessKey, secretKey });
  const download = () => {
    saveFile(keyFileName(accessKey), text, 'text/plain');
    onSaved();
  };
  return (
    <Stack>
      <Notice tone="warning" title={t('keys.once-title')}>
        {t('keys.once-text')}
      </Notice>
      <SecretRow label={t('keys.access-key')} value={accessKey} copyLabel={t('keys.copy-access-key')} />
      <SecretRow
        label={t('keys.secret-key')}
        value={secretKey}
        copyLabel={t('keys.copy-secret-key')}
        onCopied={onSaved}
      />
      <Group gap="xs">
        <CopyButton
          value={`Access key: ${accessKey}\nSecret key: ${secretKey}`}
          label={t('keys.copy-both')}
          text={t('keys.copy-both')}
          onCopied={onSaved}
        />
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={download}>
          {t('action.download')}
        </Button>
      </Group>
    </Stack>
  );
}
