import { Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SimulatedDecision } from '../../api/simulator.ts';
import { CodeBlock } from '../code-block.tsx';
import classes from './simulator.module.css';

/** One answer per action: the verdict, why, and the statement that decided. */
export function DecisionList({ decisions }: { decisions: readonly SimulatedDecision[] }) {
  const { t } = useTranslation();
  return (
    <ul className={classes['results']} aria-label={t('simulator.results')}>
      {decisions.map((decision) => (
        <li key={decision.action} className={classes['result']} data-allowed={decision.allowed}>
          <div className={classes['verdict']}>
            {decision.allowed ? (
              <IconCircleCheck size={20} aria-hidden="true" />
            ) : (
              <IconCircleX size={20} aria-hidden="true" />
            )}
            <Text fw={600}>{t(`simulator.decision.${decision.decision}`)}</Text>
            <span className="mono">{decision.action}</span>
            <Text span size="sm" c="dimmed" className={`mono ${classes['resource'] ?? ''}`}>
              {decision.resource}
            </Text>
          </div>
          <Text size="sm" mb={decision.decidedBy === null ? 0 : 'sm'}>
            {decision.reason}
          </Text>
          {decision.decidedBy !== null && (
            <CodeBlock
              title={t('simulator.statement-of', { policy: decision.decidedBy.policy })}
              text={JSON.stringify(decision.decidedBy.statement, null, 2)}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
