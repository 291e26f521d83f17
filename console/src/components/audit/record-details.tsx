import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditRecordView } from '../../api/audit.ts';
import { CodeBlock } from '../code-block.tsx';
import { DateTime } from '../date-time.tsx';
import { Drawer } from '../dialog.tsx';
import { type Fact, Facts } from '../facts.tsx';
import { AnchorLink } from '../links.tsx';
import { Outcome } from './outcome.tsx';
import { whoOf } from './who-of.ts';

export function RecordDetails({ record, onClose }: { record: AuditRecordView | null; onClose: () => void }) {
  return (
    <Drawer opened={record !== null} onClose={onClose} size={560} title={record?.operation ?? ''}>
      {record !== null && <Details record={record} />}
    </Drawer>
  );
}

function Details({ record }: { record: AuditRecordView }) {
  const { t } = useTranslation();
  const { who } = record;
  const maybe = (label: string, value: string | null | undefined): Fact[] =>
    value === undefined || value === null || value === ''
      ? []
      : [{ label, value: <span className="mono">{value}</span> }];
  const facts: Fact[] = [
    { label: t('audit.time'), value: <DateTime iso={record.time} /> },
    { label: t('audit.outcome'), value: <Outcome record={record} /> },
    { label: t('audit.who'), value: `${t(`audit.actors.${who.type}`)} ${whoOf(record) ?? ''}` },
    ...maybe(t('audit.acting-as'), who.actingAs),
    ...maybe(t('audit.access-key'), who.accessKey),
    ...maybe(t('audit.action'), record.action),
    ...maybe(t('audit.resource'), record.resource),
    { label: t('audit.channel'), value: t(`audit.channels.${record.channel}`) },
    ...maybe(t('audit.address'), record.address),
    ...maybe(t('audit.user-agent'), record.userAgent),
    ...maybe(t('audit.requestId'), record.requestId),
  ];
  return (
    <Stack>
      <Facts facts={facts} />
      {record.outcome === 'denied' && record.requestId !== null && (
        <AnchorLink to="/explain" search={{ request: record.requestId }} size="sm">
          {t('explain.why')}
        </AnchorLink>
      )}
      <CodeBlock title={t('audit.whole')} text={JSON.stringify(record, null, 2)} />
    </Stack>
  );
}
