import { Radio, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ProjectClass } from '../../../../src/console-api/contract.ts';
import classes from './class-choice.module.css';

const values = ['gold', 'instant-archive'] as const;

type Props = { value: ProjectClass; onChange: (value: ProjectClass) => void };

export function ClassChoice({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Radio.Group
      label={t('projects.class')}
      value={value}
      onChange={(chosen) => onChange(chosen === 'gold' ? 'gold' : 'instant-archive')}
    >
      <Stack gap="xs" mt={4}>
        {values.map((one) => (
          <Radio.Card key={one} value={one} className={classes['card'] ?? ''}>
            <Radio.Indicator />
            <span>
              <Text fw={600} size="sm">
                {t(`class.${one}.name`)}
              </Text>
              <Text size="sm" c="dimmed">
                {t(`class.${one}.text`)}
              </Text>
            </span>
          </Radio.Card>
        ))}
      </Stack>
    </Radio.Group>
  );
}
