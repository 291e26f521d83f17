import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../hooks/use-problem.ts';
import { AnchorLink } from './links.tsx';
import { Notice } from './notice.tsx';

/** A failure where the reader is looking: in a dialog, or in place of a list that could not be loaded. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const { describe } = useProblem();
  if (error === null || error === undefined) return null;
  const { message, requestId, explained } = describe(error);
  return (
    <Notice tone="danger" role="alert">
      {message}
      {requestId !== null && requestId !== '' && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('problems.request-id')} <span className="mono">{requestId}</span>
          {explained && (
            <>
              {' · '}
              <AnchorLink to="/explain" search={{ request: requestId }} inherit>
                {t('problems.explain')}
              </AnchorLink>
            </>
          )}
        </Text>
      )}
      {onRetry !== undefined && (
        <div>
          <Button mt="xs" size="xs" variant="default" onClick={onRetry}>
            {t('action.retry')}
          </Button>
        </div>
      )}
    </Notice>
  );
}
