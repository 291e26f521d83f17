import { Button, Group, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { AnchorLink } from '../links.tsx';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../../src/console-api/contract.ts';
import { useMay } from '../../api/session.ts';
import { useSetUserPolicies } from '../../api/users.ts';
import { Panel } from '../panel.tsx';
import { PolicyPicker } from '../policies/policy-picker.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { PolicyNames } from './policy-names.tsx';

/** What the user may do: attach and detach, then save. The user's keys follow at their next request. */
export function UserPolicies({ user }: { user: UserView }) {
  const { t } = useTranslation();
  const mayAttach = useMay('vstorage:AttachPolicy');
  const [names, setNames] = useState([...user.policies]);
  const update = useSetUserPolicies();
  const changed = names.toSorted().join() !== user.policies.toSorted().join();
  const save = () =>
    update.mutate(
      { id: user.id, policies: names },
      { onSuccess: () => notifications.show({ message: t('users.policies-notice', { name: user.username }) }) },
    );
  return (
    <Panel title={t('users.permissions')} text={t('users.permissions-text')}>
      <Stack>
        <ProblemNotice error={update.error} />
        {mayAttach ? <PolicyPicker value={names} onChange={setNames} /> : <PolicyNames names={user.policies} />}
        <Group justify="space-between">
          <AnchorLink to="/policies" size="sm">
            {t('users.see-policies')}
          </AnchorLink>
          {mayAttach && (
            <Button disabled={!changed} loading={update.isPending} onClick={save}>
              {t('action.save')}
            </Button>
          )}
        </Group>
      </Stack>
    </Panel>
  );
}
