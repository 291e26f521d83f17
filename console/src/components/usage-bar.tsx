import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../hooks/use-format.ts';
import classes from './usage-bar.module.css';

type Props = { usedBytes: number; quotaBytes: number; label: string; thick?: boolean };

const level = (share: number): 'calm' | 'high' | 'full' => (share >= 0.95 ? 'full' : share >= 0.8 ? 'high' : 'calm');

export function UsageBar({ usedBytes, quotaBytes, label, thick = false }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = quotaBytes === 0 ? 0 : usedBytes / quotaBytes;
  // Something stored is always visible, if only as a sliver.
  const width = usedBytes === 0 ? 0 : Math.min(100, Math.max(1.5, share * 100));
  const amounts = t('usage.of', { used: format.bytes(usedBytes), quota: format.bytes(quotaBytes) });
  return (
    <div className={classes['usage']}>
      <div
        className={classes['track']}
        data-thick={thick || undefined}
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.round(share * 100))}
        aria-valuetext={amounts}
      >
        <div className={classes['fill']} data-level={level(share)} style={{ width: `${width}%` }} />
      </div>
      <Group justify="space-between" gap="xs" wrap="nowrap" mt={6}>
        <Text size="xs" c="dimmed" className="num" truncate>
          {amounts}
        </Text>
        <Text size="xs" fw={600} className="num">
          {format.percent(usedBytes, quotaBytes)}
        </Text>
      </Group>
    </div>
  );
}
