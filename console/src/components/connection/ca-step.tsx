import { Button, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Connections } from '../../../../src/console-api/contract.ts';

export function CaStep({ ca, commands }: { ca: NonNullable<Connections['ca']>; commands: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      {commands}
      <div>
        <Button
          component="a"
          href="/api/v1/ca.pem"
          download={ca.fileName}
          variant="default"
          size="xs"
          leftSection={<IconDownload size={15} />}
        >
          {t('steps.download-ca', { file: ca.fileName })}
        </Button>
        <Text size="xs" c="dimmed" mt="xs" style={{ overflowWrap: 'anywhere' }}>
          {t('connection.fingerprint')}: <span className="mono">{ca.sha256Fingerprint}</span>
        </Text>
      </div>
    </Stack>
  );
}
