// Where an IAM user is signed in and with what, and what an administrator does for one who cannot get in.
import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../../src/console-api/contract.ts';
import { useMay } from '../../api/session.ts';
import { useEndUserSession, userSignInsQuery, useUserSignInAction } from '../../api/sign-in-settings.ts';
import { useProblem } from '../../hooks/use-problem.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { Panel } from '../panel.tsx';
import { SessionList } from '../security/session-list.tsx';
import { UserEmail } from './user-email.tsx';

export function UserSignIns({ user }: { user: UserView }) {
  const { t } = useTranslation();
  const mayUpdate = useMay('vstorage:UpdateUser');
  const { data } = useQuery(userSignInsQuery(user.id));
  const problem = useProblem();
  const end = useEndUserSession(user.id);
  const act = useUserSignInAction(user.id);
  const [removing, setRemoving] = useState(false);
  if (data === undefined) return null;
  const hasFactor = data.totp || data.passkeys > 0;
  const run = (action: 'sessions/end' | 'unlock', message: string) =>
    act.mutate(action, { onSuccess: () => notifications.show({ message }), onError: problem.notify });
  return (
    <Panel title={t('user-sign-ins.title')} text={t('user-sign-ins.text')}>
      <Stack>
        {mayUpdate && <UserEmail key={user.email} user={user} />}
        <Text size="sm">
          {hasFactor
            ? t('user-sign-ins.factors', { app: data.totp ? 1 : 0, passkeys: data.passkeys })
            : t('user-sign-ins.no-factor')}
        </Text>
        {data.sessions.length === 0 ? (
          <Text c="dimmed">{t('user-sign-ins.none')}</Text>
        ) : (
          <SessionList
            sessions={data.sessions}
            action={(session) =>
              mayUpdate && (
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
        )}
        {mayUpdate && (
          <Group gap="xs">
            <Button
              variant="default"
              disabled={data.sessions.length === 0}
              onClick={() => run('sessions/end', t('user-sign-ins.ended', { name: user.username }))}
            >
              {t('user-sign-ins.end-all')}
            </Button>
            <Button
              variant="default"
              onClick={() => run('unlock', t('user-sign-ins.unlocked', { name: user.username }))}
            >
              {t('user-sign-ins.unlock')}
            </Button>
            {hasFactor && (
              <Button variant="default" onClick={() => setRemoving(true)}>
                {t('user-sign-ins.remove-factors')}
              </Button>
            )}
          </Group>
        )}
      </Stack>
      {removing && (
        <ConfirmDialog
          title={t('user-sign-ins.remove-factors')}
          action={t('security.remove')}
          error={act.error}
          pending={act.isPending}
          onConfirm={() => act.mutate('second-factors/remove', { onSuccess: () => setRemoving(false) })}
          onClose={() => setRemoving(false)}
        >
          {t('user-sign-ins.remove-factors-text', { name: user.username })}
        </ConfirmDialog>
      )}
    </Panel>
  );
}
