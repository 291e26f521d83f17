import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './details.module.css';

export type Pair = { id: string; name: string; value: string };

export const newPair = (name = '', value = ''): Pair => ({ id: crypto.randomUUID(), name, value });

type Props = {
  pairs: readonly Pair[];
  onChange: (pairs: Pair[]) => void;
  nameLabel: string;
  valueLabel: string;
  addLabel: string;
  most: number;
};

/** Names and values to edit, one line each. */
export function Pairs({ pairs, onChange, nameLabel, valueLabel, addLabel, most }: Props) {
  const { t } = useTranslation();
  const set = (id: string, change: Partial<Pair>) =>
    onChange(pairs.map((pair) => (pair.id === id ? { ...pair, ...change } : pair)));
  return (
    <>
      {pairs.map(({ id, name, value }) => (
        <div key={id} className={classes['pairs']}>
          <TextInput
            aria-label={nameLabel}
            placeholder={nameLabel}
            value={name}
            onChange={(event) => set(id, { name: event.currentTarget.value })}
          />
          <TextInput
            aria-label={valueLabel}
            placeholder={valueLabel}
            value={value}
            onChange={(event) => set(id, { value: event.currentTarget.value })}
          />
          <ActionIcon
            size={36}
            aria-label={t('objects.remove-pair', { name })}
            onClick={() => onChange(pairs.filter((pair) => pair.id !== id))}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} />}
          disabled={pairs.length >= most}
          onClick={() => onChange([...pairs, newPair()])}
        >
          {addLabel}
        </Button>
      </div>
    </>
  );
}
