// The rest of what an IAM user's rights come from: groups, inline policies, boundary, tags.
import { Button, Group, MultiSelect, SimpleGrid, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UserView } from '../../../../src/console-api/contract.ts';
import { groupsQuery } from '../../api/groups.ts';
import { type Holder, useSetUserGroups, useSetUserTags } from '../../api/holders.ts';
import { useMay } from '../../api/session.ts';
import { Boundary } from '../holders/boundary.tsx';
import { InlinePolicies } from '../holders/inline-policies.tsx';
import { Tags } from '../holders/tags.tsx';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

export function UserRights({ user }: { user: UserView }) {
  const holder: Holder = { base: 'users', id: user.id, name: user.username };
  const mayAttach = useMay('vstorage:AttachPolicy');
  const mayBound = useMay('vstorage:SetUserBoundary');
  const mayTag = useMay('vstorage:TagUser');
  const tag = useSetUserTags(holder);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <UserGroups key={user.groups.join()} user={user} holder={holder} />
      <InlinePolicies holder={holder} mayChange={mayAttach} />
      <Boundary key={user.boundary} holder={holder} boundary={user.boundary} mayChange={mayBound} />
      <Tags
        key={JSON.stringify(user.tags)}
        tags={user.tags}
        mayChange={mayTag}
        error={tag.error}
        pending={tag.isPending}
        onSave={(tags, onSuccess) => tag.mutate(tags, { onSuccess })}
      />
    </SimpleGrid>
  );
}

function UserGroups({ user, holder }: { user: UserView; holder: Holder }) {
  const { t } = useTranslation();
  const mayChange = useMay('vstorage:ChangeGroupMembers');
  const groups = useQuery(groupsQuery);
  const [chosen, choose] = useState(user.groups);
  const set = useSetUserGroups(holder);
  const changed = chosen.toSorted().join() !== user.groups.toSorted().join();
  const save = () =>
    set.mutate(chosen, {
      onSuccess: () => notifications.show({ message: t('users.policies-notice', { name: user.username }) }),
    });
  return (
    <Panel title={t('groups.title')} text={t('holder.groups-text')}>
      <Stack gap="sm">
        <ProblemNotice error={groups.error ?? set.error} />
        <Group align="flex-end" gap="xs">
          <MultiSelect
            style={{ flex: '1 1 220px' }}
            aria-label={t('groups.title')}
            placeholder={chosen.length === 0 ? t('holder.groups-none') : ''}
            searchable
            readOnly={!mayChange}
            hidePickedOptions
            nothingFoundMessage={t('table.nothing-found')}
            data={(groups.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={chosen}
            onChange={choose}
          />
          {mayChange && (
            <Button disabled={!changed} loading={set.isPending} onClick={save}>
              {t('action.save')}
            </Button>
          )}
        </Group>
      </Stack>
    </Panel>
  );
}
