// A policy by form or as JSON, two ways, and what is wrong with it while it is written.
import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DocumentKind, findFault } from '../../policy-draft.ts';
import type { DocumentProblem } from '../../policy-problem.ts';
import { useParserText } from '../../hooks/use-parser-text.ts';
import { Notice } from '../notice.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { VisualRules } from './visual/visual-rules.tsx';

type Props = {
  value: string;
  /** `fault`: it cannot be saved as it is */
  onChange: (text: string, fault: boolean) => void;
  /** what the server said of the text as it was sent */
  problem?: DocumentProblem | null;
  kind?: DocumentKind;
};

export function PolicyBuilder({ value, onChange, problem = null, kind = 'identity' }: Props) {
  const { t } = useTranslation();
  const [mode, setMode] = useState<'visual' | 'json'>(kind === 'identity' ? 'visual' : 'json');
  const [stuck, setStuck] = useState<string | null>(null);
  const checked = useDeferredValue(value);
  const fault = findFault(checked, kind) ?? problem;
  const change = (text: string) => onChange(text, findFault(text, kind) !== null);
  const tell = (message: string | null) => {
    setStuck(message);
    if (message !== null) onChange(value, true);
  };
  return (
    <Stack gap="sm">
      {kind === 'identity' && (
        <SegmentedControl
          aria-label={t('builder.mode')}
          value={mode}
          disabled={stuck !== null}
          onChange={(next) => setMode(next === 'json' ? 'json' : 'visual')}
          data={[
            { value: 'visual', label: t('builder.visual') },
            { value: 'json', label: t('builder.json') },
          ]}
          style={{ alignSelf: 'flex-start' }}
        />
      )}
      {mode === 'visual' ? (
        <>
          <VisualRules value={value} onChange={change} onStuck={tell} />
          <Wrong message={stuck ?? fault?.message ?? null} />
        </>
      ) : (
        <PolicyEditor value={value} onChange={change} problem={fault} />
      )}
    </Stack>
  );
}

function Wrong({ message }: { message: string | null }) {
  const { t } = useTranslation();
  const { fault } = useParserText();
  return (
    <div aria-live="polite">
      {message === null ? (
        <Text size="sm" c="dimmed">
          {t('builder.fine')}
        </Text>
      ) : (
        <Notice tone="warning" title={t('builder.unfinished')}>
          {fault(message)}
        </Notice>
      )}
    </div>
  );
}
