// The only view of a client secret there will ever be; closing the dialog drops it.
import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CreatedServiceAccount } from '../../api/service-accounts.ts';
import { saveFile } from '../../save-file.ts';
import { CodeBlock } from '../code-block.tsx';
import { Modal } from '../dialog.tsx';
import { Notice } from '../notice.tsx';
import { SecretRow } from '../s3-keys/secret-row.tsx';

type Props = { created: CreatedServiceAccount; onClose: () => void };

export function ClientSecret({ created, onClose }: Props) {
  const { t } = useTranslation();
  const [saved, setSaved] = useState(false);
  const { clientId, clientSecret, name } = created;
  const download = () => {
    const text = `${JSON.stringify({ name, clientId, clientSecret, tokenUrl: tokenUrl() }, null, 2)}\n`;
    saveFile(`${name}.json`, text, 'application/json');
    setSaved(true);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('service-accounts.secret-title', { name })}
      size={640}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <Stack>
        <Notice tone="warning" title={t('service-accounts.once-title')}>
          {t('service-accounts.once-text')}
        </Notice>
        <SecretRow label={t('service-accounts.client-id')} value={clientId} copyLabel={t('action.copy')} />
        <SecretRow
          label={t('service-accounts.client-secret')}
          value={clientSecret}
          copyLabel={t('service-accounts.copy-secret')}
          onCopied={() => setSaved(true)}
        />
        <Button variant="default" w="fit-content" leftSection={<IconDownload size={16} />} onClick={download}>
          {t('action.download')}
        </Button>
        <CodeBlock title={t('service-accounts.use')} text={tokenCommand(clientId)} />
        <Group justify="space-between">
          <Checkbox
            label={t('service-accounts.saved')}
            checked={saved}
            onChange={(event) => setSaved(event.currentTarget.checked)}
          />
          <Button disabled={!saved} onClick={onClose}>
            {t('action.close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const tokenUrl = (): string => `${location.origin}/api/v1/auth/token`;

/** curl asks for the secret: it stands in no history and no process list. */
const tokenCommand = (clientId: string): string =>
  `curl --user ${clientId} --data grant_type=client_credentials ${tokenUrl()}`;
