import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useEffect, useId, useRef } from 'react';
import { byTag, type OpenApi, type Operation } from '../../api-docs/document.ts';
import classes from './api-docs.module.css';
import { OperationDetails } from './operation-details.tsx';

type Props = {
  document: OpenApi;
  operations: readonly Operation[];
  opened: string | null;
  onOpen: (id: string | null) => void;
};

export function OperationList({ document, operations, opened, onOpen }: Props) {
  return byTag(operations).map(([tag, found]) => (
    <section key={tag} className={classes['tag']} aria-label={tag}>
      <h2 className={classes['tag-name']} lang="en">
        {tag}
      </h2>
      <div className={classes['operations']}>
        {found.map((operation) => (
          <OperationRow
            key={operation.id}
            document={document}
            operation={operation}
            open={operation.id === opened}
            onToggle={() => onOpen(operation.id === opened ? null : operation.id)}
          />
        ))}
      </div>
    </section>
  ));
}

type RowProps = { document: OpenApi; operation: Operation; open: boolean; onToggle: () => void };

function OperationRow({ document, operation, open, onToggle }: RowProps) {
  const { method, path, summary = '' } = operation;
  const id = useId();
  const element = useRef<HTMLDivElement>(null);
  const wasOpen = useRef(open);
  useEffect(() => {
    // opened by its address: it may be far below
    if (wasOpen.current) element.current?.scrollIntoView({ block: 'start' });
  }, []);
  return (
    <div ref={element} className={classes['operation']}>
      <UnstyledButton className={classes['head'] ?? ''} aria-expanded={open} aria-controls={id} onClick={onToggle}>
        <span className={classes['method']} data-method={method}>
          {method}
        </span>
        <span className={classes['words']}>
          <code className={classes['path']}>{path.replace('/api/v1', '')}</code>
          <span className={classes['summary']} lang="en">
            {summary}
          </span>
        </span>
        <IconChevronRight size={16} className={classes['chevron'] ?? ''} aria-hidden="true" />
      </UnstyledButton>
      <div id={id}>{open && <OperationDetails document={document} operation={operation} />}</div>
    </div>
  );
}
