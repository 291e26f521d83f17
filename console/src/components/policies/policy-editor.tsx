// The JSON of a policy with line numbers, and the server's complaint with its line and column.
import { Input, Text } from '@mantine/core';
import { type KeyboardEvent, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentProblem } from '../../policy-problem.ts';
import { useParserText } from '../../hooks/use-parser-text.ts';
import classes from './policy-editor.module.css';

type Props = {
  value: string;
  onChange?: (text: string) => void;
  problem?: DocumentProblem | null;
  /** of another document than a policy */
  label?: string;
  hint?: string;
};

const INDENT = '  ';

export function PolicyEditor({ value, onChange, problem = null, label, hint }: Props) {
  const { t } = useTranslation();
  const { fault } = useParserText();
  const id = useId();
  const gutter = useRef<HTMLDivElement>(null);
  const lines = value.split('\n');
  const place = problem?.line == null ? '' : `${t('problems.line', { line: problem.line, column: problem.column })}: `;
  const message = problem === null ? null : `${place}${fault(problem.message)}`;
  const indent = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // Tab indents; Escape first, then Tab leaves the editor.
    if (event.key !== 'Tab' || event.shiftKey || onChange === undefined || escaped.current) return;
    event.preventDefault();
    const { selectionStart, selectionEnd } = event.currentTarget;
    event.currentTarget.setRangeText(INDENT, selectionStart, selectionEnd, 'end');
    onChange(event.currentTarget.value);
  };
  const escaped = useRef(false);
  return (
    <Input.Wrapper label={label ?? t('policies.document')} id={id} error={message}>
      <div className={classes['editor']} data-error={message !== null || undefined}>
        <div className={classes['gutter']} ref={gutter} aria-hidden="true">
          {lines.map((_text, index) => (
            <span key={index} data-error={index + 1 === problem?.line || undefined}>
              {index + 1}
            </span>
          ))}
        </div>
        <textarea
          id={id}
          className={classes['text']}
          spellCheck={false}
          autoCapitalize="off"
          wrap="off"
          readOnly={onChange === undefined}
          rows={Math.min(28, Math.max(14, lines.length + 1))}
          value={value}
          aria-invalid={message !== null}
          onKeyDown={(event) => {
            indent(event);
            escaped.current = event.key === 'Escape';
          }}
          onChange={(event) => onChange?.(event.currentTarget.value)}
          onScroll={(event) => {
            if (gutter.current !== null) gutter.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      {onChange !== undefined && (
        <Text size="xs" c="dimmed" mt={6}>
          {hint ?? t('policies.editor-hint')}
        </Text>
      )}
    </Input.Wrapper>
  );
}
