import { Group, NumberInput, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { QuotaThresholdView } from '../../../../src/console-api/contract/project-settings.ts';
import { GIB } from '../../format.ts';

type Props = { value: QuotaThresholdView; onChange: (value: QuotaThresholdView) => void; disabled: boolean };

const numberOf = (value: number | string): number =>
  typeof value === 'number' ? value : Number.parseInt(value, 10) || 0;

/** So many percent used, or so many GB left. */
export function ThresholdInput({ value, onChange, disabled }: Props) {
  const { t } = useTranslation();
  const isPercent = value.unit === 'percent';
  return (
    <Group align="flex-end" gap="md">
      <SegmentedControl
        aria-label={t('project-settings.unit')}
        disabled={disabled}
        value={value.unit}
        onChange={(unit) =>
          onChange(unit === 'percent' ? { unit, usedPercent: 90 } : { unit: 'bytes', freeBytes: 5 * GIB })
        }
        data={[
          { value: 'percent', label: t('project-settings.percent') },
          { value: 'bytes', label: t('project-settings.bytes') },
        ]}
      />
      <NumberInput
        w={200}
        label={t(isPercent ? 'project-settings.used-percent' : 'project-settings.free-gb')}
        disabled={disabled}
        allowDecimal={false}
        min={isPercent ? 1 : 0}
        max={isPercent ? 100 : 2_000_000}
        suffix={isPercent ? ' %' : ' GB'}
        value={isPercent ? value.usedPercent : Math.round(value.freeBytes / GIB)}
        onChange={(number) =>
          onChange(
            isPercent
              ? { unit: 'percent', usedPercent: numberOf(number) }
              : { unit: 'bytes', freeBytes: numberOf(number) * GIB },
          )
        }
      />
    </Group>
  );
}
