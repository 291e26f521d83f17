import { ActionIcon, SegmentedControl, Select, TextInput, Tooltip } from '@mantine/core';
import { IconCopy, IconTrash } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { VisualRule } from '../../../../../src/policy/visual.ts';
import { RuleActions } from './rule-actions.tsx';
import { RuleConditions } from './rule-conditions.tsx';
import { RuleResources } from './rule-resources.tsx';
import classes from './visual.module.css';

type Props = {
  rule: VisualRule;
  number: number;
  onChange: (rule: VisualRule) => void;
  onDuplicate: () => void;
  /** null: it is the only one */
  onRemove: (() => void) | null;
};

const products = ['s3', 'vstorage', 'iam', 'sts', '*'] as const;

/** One rule: allow or deny what, on what, when. */
export function RuleCard({ rule, number, onChange, onDuplicate, onRemove }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const change = (part: Partial<VisualRule>) => onChange({ ...rule, ...part });
  const setProduct = (product: string | null) => {
    if (product === null || product === rule.product) return;
    change({ product, actions: product === '*' || rule.actions === 'all' ? 'all' : [] });
  };
  const choices = products.map((value): { value: string; label: string } => ({
    value,
    label: t(`builder.products.${value === '*' ? 'all' : value}`),
  }));
  if (!choices.some(({ value }) => value === rule.product)) choices.push({ value: rule.product, label: rule.product });
  return (
    <section className={classes['rule']} data-effect={rule.effect} aria-labelledby={id}>
      <div className={classes['head']}>
        <strong id={id}>{t('builder.rule', { number })}</strong>
        <SegmentedControl
          size="xs"
          aria-label={t('builder.effect')}
          value={rule.effect}
          onChange={(effect) => change({ effect: effect === 'deny' ? 'deny' : 'allow' })}
          data={[
            { value: 'allow', label: t('builder.allow') },
            { value: 'deny', label: t('builder.deny') },
          ]}
        />
        <Select
          size="xs"
          w={210}
          aria-label={t('builder.product')}
          allowDeselect={false}
          data={choices}
          value={rule.product}
          onChange={setProduct}
        />
        <TextInput
          size="xs"
          className={classes['name'] ?? ''}
          aria-label={t('builder.sid')}
          placeholder={t('builder.sid')}
          value={rule.sid}
          maxLength={128}
          onChange={(event) => change({ sid: event.currentTarget.value.replaceAll(/[^A-Za-z0-9]/g, '') })}
        />
        <Tooltip label={t('builder.duplicate')}>
          <ActionIcon aria-label={t('builder.duplicate')} onClick={onDuplicate}>
            <IconCopy size={16} />
          </ActionIcon>
        </Tooltip>
        {onRemove !== null && (
          <Tooltip label={t('builder.remove')}>
            <ActionIcon aria-label={t('builder.remove-rule', { number })} onClick={onRemove}>
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <RuleActions rule={rule} onChange={change} />
      <RuleResources rule={rule} onChange={change} />
      <RuleConditions rule={rule} onChange={change} />
    </section>
  );
}
