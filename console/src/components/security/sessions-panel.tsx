import { Badge, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sessionsQuery, useEndOtherSessions, useEndSession } from '../../api/security.ts';
import { useProblem } from '../../hooks/use-problem.ts';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { SessionList } from './session-list.tsx';

export function SessionsPanel() {
  const { t } = useTranslation();
  const sessions = useQuery(sessionsQuery);
  const problem = useProblem();
  const end = useEndSession();
  const endOthers = useEndOtherSessions();
  const others = sessions.data?.filter(({ current }) => !current).length ?? 0;
  return (
    <Panel
      title={t('security.sessions')}
      text={t('security.sessions-text')}
      actions={
        others > 0 && (
          <Button
            variant="default"
            loading={endOthers.isPending}
            onClick={() => endOthers.mutate(undefined, { onError: problem.notify })}
          >
            {t('security.end-others')}
          </Button>
        )
      }
    >
      <ProblemNotice error={sessions.error} onRetry={() => void sessions.refetch()} />
      <SessionList
        sessions={sessions.data ?? []}
        action={(session) =>
          session.current ? (
            <Badge variant="light">{t('security.this-session')}</Badge>
          ) : (
            <Button
              variant="default"
              size="xs"
              loading={end.isPending && end.variables === session.id}
              onClick={() => end.mutate(session.id, { onError: problem.notify })}
            >
              {t('security.end-session')}
            </Button>
          )
        }
      />
    </Panel>
  );
}
