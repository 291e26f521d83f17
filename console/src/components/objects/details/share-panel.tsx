import { Anchor, Button, Group, NumberInput, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SharedLink } from '../../../../../src/console-api/contract/objects.ts';
import { type ObjectName, type Place, useShare } from '../../../api/objects.ts';
import { s3KeysQuery } from '../../../api/s3-keys.ts';
import { formatDateTime } from '../../../format.ts';
import { CodeBlock } from '../../code-block.tsx';
import { AnchorLink } from '../../links.tsx';
import { Notice } from '../../notice.tsx';
import { ProblemNotice } from '../../problem-notice.tsx';

const QrCode = lazy(async () => ({ default: (await import('./qr-code.tsx')).QrCode }));

const units = { minutes: 60, hours: 3600, days: 86_400 } as const;
type Unit = keyof typeof units;
const MAX_SECONDS = 604_800;

type Props = { place: Place; name: ObjectName };

/** A link for people without an account: it has one key's rights, ends by itself, and dies with the key. */
export function SharePanel({ place, name }: Props) {
  const { t } = useTranslation();
  const keys = useQuery(s3KeysQuery(place.projectId)).data?.items.filter(
    (key) => key.own && key.status === 'active' && !key.expired,
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const [amount, setAmount] = useState<number | string>(1);
  const [unit, setUnit] = useState<Unit>('hours');
  const [mode, setMode] = useState<'view' | 'download'>('view');
  const share = useShare(place);
  if (keys === undefined) return null;
  if (keys.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('share.no-keys')}{' '}
        <AnchorLink to="/projects/$projectId/access" params={{ projectId: place.projectId }} inherit>
          {t('share.make-key')}
        </AnchorLink>
      </Text>
    );
  }
  const s3KeyId = chosen ?? keys[0]?.id ?? '';
  const seconds = Number(amount) * units[unit];
  const tooLong = seconds > MAX_SECONDS;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    share.mutate({ name, body: { s3KeyId, expiresInSeconds: seconds, mode } });
  };
  return (
    <Stack>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label={t('share.key')}
            description={t('share.key-text')}
            allowDeselect={false}
            data={keys.map(({ id, accessKey, description }) => ({
              value: id,
              label: description === '' ? accessKey : `${description} (${accessKey.slice(0, 8)}…)`,
            }))}
            value={s3KeyId}
            onChange={setChosen}
          />
          <Group gap="xs" align="flex-end" wrap="nowrap">
            <NumberInput
              label={t('share.lasts')}
              w={110}
              min={1}
              max={10_080}
              allowDecimal={false}
              value={amount}
              error={tooLong}
              onChange={setAmount}
            />
            <Select
              aria-label={t('share.unit')}
              flex={1}
              allowDeselect={false}
              data={(Object.keys(units) as Unit[]).map((value) => ({ value, label: t(`share.${value}`) }))}
              value={unit}
              onChange={(value) => setUnit(value === 'minutes' || value === 'days' ? value : 'hours')}
            />
          </Group>
          {tooLong && (
            <Text size="sm" c="var(--vs-red)" role="alert">
              {t('share.too-long')}
            </Text>
          )}
          <SegmentedControl
            aria-label={t('share.mode')}
            data={[
              { value: 'view', label: t('share.view') },
              { value: 'download', label: t('share.download') },
            ]}
            value={mode}
            onChange={(value) => setMode(value === 'view' ? 'view' : 'download')}
          />
          <ProblemNotice error={share.error} />
          <Group justify="flex-end">
            <Button type="submit" disabled={tooLong || !(seconds >= 60)} loading={share.isPending}>
              {t('share.create')}
            </Button>
          </Group>
        </Stack>
      </form>
      {share.data !== undefined && <Link link={share.data} />}
    </Stack>
  );
}

function Link({ link }: { link: SharedLink }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <CodeBlock title={t('share.link')} text={link.url} />
      <Notice tone="warning">{t('share.ends', { time: formatDateTime(link.expiresAt) })}</Notice>
      <Group align="flex-start">
        <Suspense fallback={null}>
          <QrCode text={link.url} label={t('share.qr')} />
        </Suspense>
        <Anchor href={link.url} target="_blank" rel="noreferrer" size="sm">
          {t('share.open')}
        </Anchor>
      </Group>
    </Stack>
  );
}
