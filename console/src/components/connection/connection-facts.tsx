import { Button, Skeleton } from '@mantine/core';
import { IconCertificate } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Connections } from '../../../../src/console-api/contract.ts';
import { Copyable } from '../copyable.tsx';
import { Facts } from '../facts.tsx';
import { Panel } from '../panel.tsx';

export function ConnectionFacts({ connections }: { connections: Connections | undefined }) {
  const { t } = useTranslation();
  if (connections === undefined) return <Skeleton radius="lg" mih={220} />;
  const { endpoint, region, domain, ca } = connections;
  const download = ca !== null && (
    <Button
      component="a"
      href="/api/v1/ca.pem"
      download={ca.fileName}
      size="xs"
      variant="default"
      leftSection={<IconCertificate size={16} />}
    >
      {t('connection.download-ca')}
    </Button>
  );
  return (
    <Panel title={t('connection.endpoint')} actions={download}>
      <Facts
        facts={[
          {
            label: t('project.endpoint'),
            value: <Copyable value={endpoint} label={t('region.copy-endpoint')} small />,
          },
          { label: t('region.label'), value: <Copyable value={region} label={t('connection.copy-region')} small /> },
          ...(domain === null
            ? []
            : [
                {
                  label: t('connection.virtual-host'),
                  value: <Copyable value={`<bucket>.${domain}`} label={t('connection.copy-domain')} small />,
                },
              ]),
          ...(ca === null
            ? []
            : [
                {
                  label: t('connection.fingerprint'),
                  value: <Copyable value={ca.sha256Fingerprint} label={t('connection.copy-fingerprint')} small />,
                },
              ]),
        ]}
      />
    </Panel>
  );
}
