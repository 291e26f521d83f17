// Who has taken a role on, and putting them out before their credentials expire.
import { Button, Table, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RoleView, roleSessionsQuery, useEndRoleSessions } from '../../api/roles.ts';
import { useMay } from '../../api/session.ts';
import { useProblem } from '../../hooks/use-problem.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { DateTime } from '../date-time.tsx';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

export function RoleSessions({ role }: { role: RoleView }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(roleSessionsQuery(role.id));
  const mayUpdate = useMay('vstorage:UpdateRole');
  const problem = useProblem();
  const end = useEndRoleSessions(role.id);
  const [asking, setAsking] = useState(false);
  const ended = () => {
    notifications.show({ message: t('roles.ended-notice') });
    setAsking(false);
  };
  return (
    <Panel
      title={t('roles.sessions')}
      text={t('roles.sessions-text')}
      actions={
        mayUpdate && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            {t('roles.end-all')}
          </Button>
        )
      }
    >
      <ProblemNotice error={error} />
      {data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('roles.no-sessions')}
        </Text>
      )}
      {data !== undefined && data.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table fz="sm" verticalSpacing={8}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('roles.session')}</Table.Th>
                <Table.Th>{t('roles.asked-by')}</Table.Th>
                <Table.Th>{t('projects.created')}</Table.Th>
                <Table.Th>{t('keys.expiry')}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((session) => (
                <Table.Tr key={session.id}>
                  <Table.Th scope="row">{session.name}</Table.Th>
                  <Table.Td className="mono">{session.issuerAccessKey ?? session.issuerProvider}</Table.Td>
                  <Table.Td>
                    <DateTime iso={session.createdAt} />
                  </Table.Td>
                  <Table.Td>
                    <DateTime iso={session.expiresAt} />
                  </Table.Td>
                  <Table.Td>
                    {mayUpdate && (
                      <Button
                        size="xs"
                        variant="default"
                        aria-label={t('roles.end-named', { name: session.name })}
                        loading={end.isPending && end.variables === session.id}
                        onClick={() => end.mutate(session.id, { onSuccess: ended, onError: problem.notify })}
                      >
                        {t('security.end-session')}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {asking && (
        <ConfirmDialog
          title={t('roles.end-all')}
          action={t('roles.end-all')}
          error={end.error}
          pending={end.isPending}
          onConfirm={() => end.mutate(null, { onSuccess: ended })}
          onClose={() => setAsking(false)}
        >
          {t('roles.end-all-text', { name: role.name })}
        </ConfirmDialog>
      )}
    </Panel>
  );
}
