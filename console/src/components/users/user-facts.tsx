import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../../src/console-api/contract.ts';
import { Copyable } from '../copyable.tsx';
import { DateTime } from '../date-time.tsx';
import { Facts } from '../facts.tsx';
import { Panel } from '../panel.tsx';

const passwordState = ({ hasPassword, mustChangePassword }: UserView) =>
  hasPassword ? (mustChangePassword ? 'holder.must-change-state' : 'users.has-password') : 'users.no-password';

export function UserFacts({ user }: { user: UserView }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('project.details')}>
      <Facts
        facts={[
          { label: t('users.id'), value: <Copyable value={user.id} label={t('users.copy-id')} small /> },
          {
            label: t('project.user-id'),
            value: <Copyable value={user.vstorageUserId} label={t('project.copy-user-id')} small />,
          },
          { label: t('users.password'), value: t(passwordState(user)) },
          { label: t('projects.created'), value: <DateTime iso={user.createdAt} /> },
          { label: t('users.last-sign-in'), value: <DateTime iso={user.lastSignInAt} never={t('users.never')} /> },
        ]}
      />
    </Panel>
  );
}
