import { Button, Group, NativeSelect, Popover, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate } from '../../format.ts';
import {
  daysOf,
  kindOfRange,
  type QuickRange,
  quickRanges,
  type RangeKind,
  type RangeText,
  type RelativeRange,
  relativeRanges,
  spanOf,
} from '../../reports/range.ts';

type Props = { value: RangeText; now: Date; onChange: (value: RangeText) => void };

const isQuick = (text: string): text is QuickRange => quickRanges.some((one) => one === text);
const isRelative = (text: string): text is RelativeRange => relativeRanges.some((one) => one === text);
const rangeKinds: readonly RangeKind[] = ['quick', 'relative', 'absolute'];

export function RangePicker({ value, now, onChange }: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const { from, to } = spanOf(value, now);
  const days = `${formatDate(from)} – ${formatDate(new Date(to.getTime() - 1))}`;
  const name = isQuick(value) || isRelative(value) ? `${t(`reports.range.${value}`)} · ${days}` : days;
  const choose = (next: RangeText) => {
    setOpened(false);
    onChange(next);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus width={320} withinPortal>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconCalendar size={16} />}
          onClick={() => setOpened(!opened)}
          aria-label={`${t('reports.period')}: ${name}`}
        >
          <span className="num">{name}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Choice value={value} now={now} onChoose={choose} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Choice({ value, now, onChoose }: { value: RangeText; now: Date; onChoose: (value: RangeText) => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<RangeKind>(kindOfRange(value));
  return (
    <Stack gap="md">
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t('reports.period')}
        value={kind}
        onChange={(next) => setKind(rangeKinds.find((one) => one === next) ?? 'quick')}
        data={rangeKinds.map((one) => ({ value: one, label: t(`reports.range-kind.${one}`) }))}
      />
      {kind === 'quick' && (
        <Group gap="xs">
          {quickRanges.map((one) => (
            <Button
              key={one}
              size="xs"
              variant={one === value ? 'light' : 'default'}
              aria-pressed={one === value}
              onClick={() => onChoose(one)}
            >
              {t(`reports.range.${one}`)}
            </Button>
          ))}
        </Group>
      )}
      {kind === 'relative' && <Relative value={value} onChoose={onChoose} />}
      {kind === 'absolute' && <Absolute value={value} now={now} onChoose={onChoose} />}
    </Stack>
  );
}

function Relative({ value, onChoose }: { value: RangeText; onChoose: (value: RangeText) => void }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string>(isRelative(value) ? value : '7d');
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <NativeSelect
        flex={1}
        label={t('reports.back')}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={relativeRanges.map((one) => ({ value: one, label: t(`reports.range.${one}`) }))}
      />
      <Button onClick={() => onChoose(chosen)}>{t('reports.apply')}</Button>
    </Group>
  );
}

function Absolute({ value, now, onChoose }: { value: RangeText; now: Date; onChoose: (value: RangeText) => void }) {
  const { t } = useTranslation();
  const days = daysOf(spanOf(value, now));
  const [first, setFirst] = useState(days.first);
  const [last, setLast] = useState(days.last);
  const isWrong = first === '' || last === '' || last < first;
  return (
    <Stack gap="xs">
      <Group gap="xs" grow>
        <TextInput
          type="date"
          label={t('reports.from')}
          value={first}
          max={last}
          onChange={(event) => setFirst(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('reports.to')}
          value={last}
          min={first}
          onChange={(event) => setLast(event.currentTarget.value)}
        />
      </Group>
      <Button disabled={isWrong} onClick={() => onChoose(`${first}..${last}`)}>
        {t('reports.apply')}
      </Button>
    </Stack>
  );
}
