import { Group, Input, NumberInput, Slider, Text } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { GIB } from '../../format.ts';
import { useFormat } from '../../hooks/use-format.ts';

// The slider covers 1 GB … 100 TB in steps that feel even; the number beside it takes any size.
const stops = [1, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1024, 2048, 5120, 10240, 20480, 51200, 102400];
const MAX_GB = 2_000_000;

type Props = { quotaGb: number; onChange: (quotaGb: number) => void; error?: string | null; minBytes?: number };

const nearestStop = (quotaGb: number): number => {
  const above = stops.findIndex((stop) => stop >= quotaGb);
  return above === -1 ? stops.length - 1 : above;
};

export function QuotaInput({ quotaGb, onChange, error = null, minBytes = 0 }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const label = (index: number) => format.bytes((stops[index] ?? 1) * GIB).replace(/[.,]00/, '');
  return (
    <Input.Wrapper label={t('projects.quota')} labelProps={{ htmlFor: id }} error={error}>
      <Group gap="lg" wrap="nowrap" align="center">
        <Slider
          flex={1}
          min={0}
          max={stops.length - 1}
          step={1}
          label={label}
          thumbLabel={t('projects.quota-slider')}
          value={nearestStop(quotaGb)}
          onChange={(index) => onChange(stops[index] ?? 1)}
        />
        <NumberInput
          id={id}
          data-autofocus
          w={148}
          min={1}
          max={MAX_GB}
          allowDecimal={false}
          thousandSeparator=" "
          suffix=" GB"
          value={quotaGb}
          onChange={(value) => onChange(typeof value === 'number' ? value : Number.parseInt(value, 10) || 0)}
        />
      </Group>
      {minBytes > 0 && (
        <Text size="xs" c="dimmed" mt={6}>
          {t('projects.in-use', { size: format.bytes(minBytes) })}
        </Text>
      )}
    </Input.Wrapper>
  );
}
