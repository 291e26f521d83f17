// Which actions a rule is about: all of the product, or those picked from the list that the server knows.
import { Checkbox, SegmentedControl, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActionView } from '../../../../../src/console-api/contract/actions.ts';
import type { VisualRule } from '../../../../../src/policy/visual.ts';
import { actionsQuery } from '../../../api/simulator.ts';
import { useParserText } from '../../../hooks/use-parser-text.ts';
import classes from './visual.module.css';

type Props = { rule: VisualRule; onChange: (change: Partial<VisualRule>) => void };

const levels = ['List', 'Read', 'Write', 'Tagging', 'Permissions'] as const;

export function RuleActions({ rule, onChange }: Props) {
  const { t } = useTranslation();
  const all = rule.actions === 'all';
  return (
    <div className={classes['part']} role="group" aria-label={t('builder.actions')}>
      <p className={classes['title']}>{t('builder.actions')}</p>
      <Stack gap="sm">
        <SegmentedControl
          aria-label={t('builder.actions')}
          disabled={rule.product === '*'}
          value={all ? 'all' : 'some'}
          onChange={(next) => onChange({ actions: next === 'all' ? 'all' : [] })}
          data={[
            { value: 'all', label: t('builder.all-actions') },
            { value: 'some', label: t('builder.some-actions') },
          ]}
          style={{ alignSelf: 'flex-start' }}
        />
        {rule.actions !== 'all' && <Chosen product={rule.product} names={rule.actions} onChange={onChange} />}
      </Stack>
    </div>
  );
}

type ChosenProps = { product: string; names: readonly string[]; onChange: Props['onChange'] };

function Chosen({ product, names, onChange }: ChosenProps) {
  const { t } = useTranslation();
  const { data } = useQuery(actionsQuery);
  const { action: describe } = useParserText();
  const [search, setSearch] = useState('');
  const known = (data ?? []).filter(({ name }) => name.startsWith(`${product}:`));
  const short = ({ name }: ActionView): string => name.slice(product.length + 1);
  const patterns = names.filter((name) => !known.some((action) => short(action) === name));
  const wanted = search.trim().toLowerCase();
  const shown = known.filter((action) => `${action.name} ${describe(action)}`.toLowerCase().includes(wanted));
  const toggle = (changed: readonly string[], on: boolean) => {
    const rest = names.filter((name) => !changed.includes(name));
    onChange({ actions: on ? [...rest, ...changed] : rest });
  };
  return (
    <>
      <div className={classes['actions']}>
        <div className={classes['tools']}>
          <TextInput
            size="xs"
            style={{ flex: '1 1 200px' }}
            aria-label={t('builder.search-actions')}
            placeholder={t('builder.search-actions')}
            leftSection={<IconSearch size={14} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Text size="xs" c="dimmed" aria-live="polite">
            {t('builder.chosen', { count: names.length })}
          </Text>
        </div>
        <div className={classes['list']} tabIndex={0} role="group" aria-label={t('builder.some-actions')}>
          {levels.map((level) => {
            const actions = shown.filter((action) => action.level === level);
            return actions.length === 0 ? null : (
              <Level key={level} level={level} actions={actions} short={short} names={names} onToggle={toggle} />
            );
          })}
          {data !== undefined && shown.length === 0 && (
            <Text size="sm" c="dimmed" p="sm">
              {t('table.nothing-found')}
            </Text>
          )}
        </div>
      </div>
      <TagsInput
        label={t('builder.patterns')}
        description={t('builder.patterns-text')}
        placeholder={patterns.length === 0 ? 'Get*' : ''}
        value={patterns}
        onChange={(next) => onChange({ actions: [...names.filter((name) => !patterns.includes(name)), ...next] })}
        acceptValueOnBlur
      />
    </>
  );
}

type LevelProps = {
  level: (typeof levels)[number];
  actions: readonly ActionView[];
  short: (action: ActionView) => string;
  names: readonly string[];
  onToggle: (changed: readonly string[], on: boolean) => void;
};

function Level({ level, actions, short, names, onToggle }: LevelProps) {
  const { t } = useTranslation();
  const { action: describe } = useParserText();
  const chosen = actions.filter((action) => names.includes(short(action)));
  const label = t(`builder.levels.${level}`);
  return (
    <div>
      <div className={classes['level']}>
        <Checkbox
          size="xs"
          checked={chosen.length === actions.length}
          indeterminate={chosen.length > 0 && chosen.length < actions.length}
          onChange={(event) => onToggle(actions.map(short), event.currentTarget.checked)}
          label={
            <>
              <strong>{label}</strong> {t('builder.of', { chosen: chosen.length, all: actions.length })}
            </>
          }
        />
      </div>
      <div className={classes['choices']}>
        {actions.map((action) => (
          <Checkbox
            key={action.name}
            size="xs"
            className={classes['choice'] ?? ''}
            checked={names.includes(short(action))}
            onChange={(event) => onToggle([short(action)], event.currentTarget.checked)}
            label={short(action)}
            description={describe(action)}
          />
        ))}
      </div>
    </div>
  );
}
