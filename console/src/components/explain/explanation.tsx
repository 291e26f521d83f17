import { Badge, Group, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RefusalView } from '../../api/refusals.ts';
import { CodeBlock } from '../code-block.tsx';
import { DateTime } from '../date-time.tsx';
import { DiffView } from '../diff-view.tsx';
import { type Fact, Facts } from '../facts.tsx';
import { Notice } from '../notice.tsx';
import { Panel } from '../panel.tsx';
import { useRefusalText } from './use-refusal-text.ts';
import classes from './explain.module.css';

export function Explanation({ refusal }: { refusal: RefusalView }) {
  const { t } = useTranslation();
  const say = useRefusalText();
  const steps = say.steps(refusal);
  const { who, decision, signature } = refusal;
  const mono = (value: string) => <span className="mono">{value}</span>;
  const facts: Fact[] = [
    { label: t('audit.time'), value: <DateTime iso={refusal.time} /> },
    { label: t('audit.who'), value: [who.name ?? who.id ?? who.type, who.accessKey].filter(Boolean).join(' · ') },
    ...(refusal.resource === null ? [] : [{ label: t('audit.resource'), value: mono(refusal.resource) }]),
    { label: t('audit.address'), value: mono(refusal.address) },
    { label: t('audit.user-agent'), value: refusal.userAgent === '' ? '—' : refusal.userAgent },
  ];
  return (
    <Stack gap="lg">
      <Panel title={t('explain.refused', { operation: refusal.operation, status: refusal.status, code: refusal.code })}>
        <Stack>
          <Notice tone="danger" title={say.cause(refusal)}>
            {steps.length > 0 && (
              <ul className={classes['steps']} aria-label={t('explain.what-to-do')}>
                {steps.map((step) => (
                  <li key={step}>{step}</li>
                ))}
              </ul>
            )}
          </Notice>
          <Facts facts={facts} />
        </Stack>
      </Panel>
      {decision !== null && <Decision decision={decision} />}
      {signature !== null && <Signature signature={signature} />}
    </Stack>
  );
}

function Decision({ decision }: { decision: NonNullable<RefusalView['decision']> }) {
  const { t } = useTranslation();
  const { decidedBy } = decision;
  return (
    <Panel title={t('explain.rules')} text={t('explain.rules-text')}>
      <Stack>
        <Text size="sm" className="mono" style={{ overflowWrap: 'anywhere' }}>
          {decision.action} → {decision.resource}
        </Text>
        <Table.ScrollContainer minWidth={280}>
          <Table fz="sm" verticalSpacing={7} className={classes['layers'] ?? ''}>
            <Table.Tbody>
              {decision.layers.map(({ layer, says, standsInTheWay }) => (
                <Table.Tr key={layer}>
                  <Table.Th scope="row">{t(`explain.layers.${layer}`)}</Table.Th>
                  <Table.Td>
                    <Group gap={8}>
                      {t(`explain.says.${says}`)}
                      {standsInTheWay && (
                        <Badge radius="sm" variant="light" color="yellow" c="var(--vs-ink)" tt="none">
                          {t('explain.in-the-way')}
                        </Badge>
                      )}
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        {decidedBy !== null && (
          <CodeBlock
            title={t('simulator.statement-of', { policy: decidedBy.policy })}
            text={decidedBy.statement === null ? t('explain.hidden') : JSON.stringify(decidedBy.statement, null, 2)}
          />
        )}
      </Stack>
    </Panel>
  );
}

function Signature({ signature }: { signature: NonNullable<RefusalView['signature']> }) {
  const { t } = useTranslation();
  const { canonicalRequest, stringToSign, matched, requestTime, serverTime, skewSeconds } = signature;
  const facts: Fact[] = [
    { label: t('keys.access-key'), value: <span className="mono">{signature.accessKey}</span> },
    { label: t('explain.client-clock'), value: <DateTime iso={requestTime} /> },
    { label: t('explain.server-clock'), value: <DateTime iso={serverTime} /> },
    ...(skewSeconds === null
      ? []
      : [{ label: t('explain.skew'), value: t('explain.seconds', { count: skewSeconds }) }]),
    { label: t('explain.tried'), value: String(signature.tried) },
    ...(matched === null ? [] : [{ label: t('explain.fits'), value: <span className="mono">{matched.variant}</span> }]),
  ];
  const clientSigned = matched?.canonicalRequest ?? null;
  return (
    <Panel title={t('explain.signature')} text={t('explain.signature-text')}>
      <Stack>
        <Facts facts={facts} />
        {canonicalRequest !== null && <CodeBlock title={t('explain.canonical')} text={canonicalRequest} />}
        {stringToSign !== null && <CodeBlock title={t('explain.string-to-sign')} text={stringToSign} />}
        {canonicalRequest !== null && clientSigned !== null && (
          <>
            <Text size="sm" fw={600}>
              {t('explain.client-signed')}
            </Text>
            <DiffView before={canonicalRequest} after={clientSigned} label={t('explain.client-signed')} />
          </>
        )}
      </Stack>
    </Panel>
  );
}
