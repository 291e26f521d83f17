import { Chip, Group, Input, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type KeyLimit, weekDays } from '../../key-limit.ts';

type Props = { value: KeyLimit; onChange: (value: KeyLimit) => void };

export function LimitHours({ value, onChange }: Props) {
  const { t } = useTranslation();
  const timed = value.from !== '' || value.to !== '';
  const time = (part: 'from' | 'to') => (
    <TextInput
      type="time"
      w={128}
      aria-label={t(`limit.${part}`)}
      value={value[part]}
      required={timed}
      onChange={(event) => onChange({ ...value, [part]: event.currentTarget.value })}
    />
  );
  return (
    <Input.Wrapper label={t('limit.hours')} description={t('limit.hours-text', { offset: value.utcOffset })}>
      <Group gap="xs" mt={6}>
        {time('from')}
        <span aria-hidden>–</span>
        {time('to')}
      </Group>
      {timed && (
        <Chip.Group
          multiple
          value={[...value.days]}
          onChange={(chosen) => onChange({ ...value, days: weekDays.filter((day) => chosen.includes(day)) })}
        >
          <Group gap={6} mt="xs" role="group" aria-label={t('limit.days')}>
            {weekDays.map((day) => (
              <Chip key={day} value={day} size="xs">
                {t(`limit.${day}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      )}
    </Input.Wrapper>
  );
}
