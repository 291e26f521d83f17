import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ArrivalView } from '../../api/connection-test.ts';
import { AnchorLink } from '../links.tsx';
import classes from './connection-test.module.css';

/** Why, and what to do: the server sends codes, the words are the reader's. */
export function RefusalText({ arrival: { cause, facts, nextSteps, code, requestId } }: { arrival: ArrivalView }) {
  const { t, i18n } = useTranslation();
  const say = (key: string): string => t(key, { ...facts, defaultValue: code ?? '' });
  const causeKey = `refusal.cause.${cause ?? 'other'}`;
  const steps = nextSteps.map((step) => `refusal.step.${step}`).filter((key) => i18n.exists(key));
  return (
    <>
      <Text size="sm">{say(causeKey)}</Text>
      {steps.length > 0 && (
        <>
          <Text size="sm" fw={600} mt="sm">
            {t('connection-test.mend')}
          </Text>
          <ul className={classes['steps']}>
            {steps.map((key) => (
              <li key={key}>{say(key)}</li>
            ))}
          </ul>
        </>
      )}
      <AnchorLink to="/audit" search={{ requestId }} size="sm">
        {t('connection-test.explain')}
      </AnchorLink>
    </>
  );
}
