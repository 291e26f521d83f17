// The rules of a policy by form. The text stays the truth: each change is written into it, and what no form can show
// sends the reader to the JSON instead of being lost.
import { Button, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MalformedPolicyError } from '../../../../../src/policy/malformed-policy.ts';
import { draftOf, toVisual, type VisualPolicy, type VisualRule } from '../../../../../src/policy/visual.ts';
import { useParserText } from '../../../hooks/use-parser-text.ts';
import { newRule } from '../../../policy-draft.ts';
import { Notice } from '../../notice.tsx';
import { RuleCard } from './rule-card.tsx';

type Props = { value: string; onChange: (text: string) => void; onStuck: (message: string | null) => void };

/** null: it cannot be read at all */
function read(text: string): VisualPolicy | null {
  try {
    return toVisual(text);
  } catch (error) {
    if (error instanceof MalformedPolicyError) return null;
    throw error;
  }
}

export function VisualRules({ value, onChange, onStuck }: Props) {
  const { t } = useTranslation();
  const { fault } = useParserText();
  // read once: what is half filled in is no policy yet, and must not vanish
  const [initial] = useState(() => read(value));
  const [rules, setRules] = useState<readonly VisualRule[]>(initial?.rules ?? []);
  if (initial === null) return <Notice tone="warning">{t('builder.unreadable')}</Notice>;
  if (initial.hidden.length > 0) {
    return (
      <Notice tone="warning" title={t('builder.hidden')}>
        <ul style={{ margin: '4px 0 0', paddingLeft: 18 }}>
          {initial.hidden.map((text) => (
            <li key={text}>{fault(text)}</li>
          ))}
        </ul>
      </Notice>
    );
  }
  const set = (next: readonly VisualRule[]) => {
    setRules(next);
    try {
      onChange(draftOf(next));
      onStuck(null);
    } catch (error) {
      if (!(error instanceof MalformedPolicyError)) throw error;
      onStuck(error.message);
    }
  };
  return (
    <Stack>
      {rules.map((rule, index) => (
        <RuleCard
          key={index}
          rule={rule}
          number={index + 1}
          onChange={(next) => set(rules.with(index, next))}
          onDuplicate={() => set(rules.toSpliced(index + 1, 0, { ...rule, sid: '' }))}
          onRemove={rules.length === 1 ? null : () => set(rules.toSpliced(index, 1))}
        />
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={16} />}
        onClick={() => set([...rules, newRule()])}
        style={{ alignSelf: 'flex-start' }}
      >
        {t('builder.add-rule')}
      </Button>
    </Stack>
  );
}
