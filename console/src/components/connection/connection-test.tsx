// "Test connection": what arrived with the key, live.
import { Button, Group, Text } from '@mantine/core';
import { IconPlugConnected, IconRadar2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { s3KeysQuery } from '../../api/s3-keys.ts';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { Arrival } from './arrival.tsx';
import classes from './connection-test.module.css';
import { type TestState, useConnectionTest } from './use-connection-test.ts';

type Props = { projectId: string; accessKey: string | null; endpoint: string };

export function ConnectionTest({ projectId, accessKey, endpoint }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(s3KeysQuery(projectId));
  const keyId = data?.items.find((key) => key.accessKey === accessKey)?.id ?? null;
  const { state, start, stop } = useConnectionTest(projectId, keyId);
  const waits = state.kind === 'waiting';
  const button = waits ? (
    <Button variant="default" onClick={stop}>
      {t('connection-test.stop')}
    </Button>
  ) : (
    <Button
      variant={state.kind === 'idle' ? 'filled' : 'default'}
      leftSection={<IconPlugConnected size={16} />}
      disabled={keyId === null}
      onClick={() => void start()}
    >
      {t(state.kind === 'idle' ? 'connection-test.start' : 'connection-test.again')}
    </Button>
  );
  return (
    <Panel title={t('connection-test.title')} text={t('connection-test.text')} actions={button}>
      <div role="status" className={classes['state']}>
        {waits && <Waiting accessKey={accessKey ?? ''} endpoint={endpoint} silent={state.silent} />}
        {state.kind === 'over' && <Text size="sm">{t('connection-test.over')}</Text>}
        {state.kind === 'arrived' && <Arrival arrival={state.arrival} />}
      </div>
      {state.kind === 'failed' && <ProblemNotice error={state.error} onRetry={() => void start()} />}
    </Panel>
  );
}

type WaitingProps = { accessKey: string; endpoint: string } & Pick<Extract<TestState, { kind: 'waiting' }>, 'silent'>;

function Waiting({ accessKey, endpoint, silent }: WaitingProps) {
  const { t } = useTranslation();
  return (
    <Group wrap="nowrap" align="flex-start" className={classes['card'] ?? ''}>
      <span className={classes['radar']}>
        <IconRadar2 size={22} aria-hidden="true" />
      </span>
      <div className={classes['words']}>
        <Text fw={600}>{t('connection-test.waiting', { accessKey })}</Text>
        <Text size="sm" c="dimmed">
          {t(silent ? 'connection-test.silence' : 'connection-test.waiting-text', { endpoint })}
        </Text>
      </div>
    </Group>
  );
}
