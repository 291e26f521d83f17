import { ActionIcon, Button, Group, MultiSelect, Stack, Text, Tooltip } from '@mantine/core';
import { IconUserMinus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type GroupView, groupMembersQuery, useAddMembers, useRemoveMember } from '../../api/groups.ts';
import { useMay } from '../../api/session.ts';
import { usersQuery } from '../../api/users.ts';
import { useUndo } from '../../hooks/use-undo.tsx';
import { AnchorLink } from '../links.tsx';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import classes from './groups.module.css';

/** Who is in the group: its policies count for them from their next request on. */
export function GroupMembers({ group }: { group: GroupView }) {
  const { t } = useTranslation();
  const members = useQuery(groupMembersQuery(group.id));
  const mayChange = useMay('vstorage:ChangeGroupMembers');
  const remove = useRemoveMember();
  const add = useAddMembers();
  const undoable = useUndo();
  const takeOut = ({ id, username }: { id: string; username: string }) =>
    remove.mutate(
      { id: group.id, userId: id },
      {
        onSuccess: () =>
          undoable(t('groups.removed-notice', { name: username }), () =>
            add.mutateAsync({ id: group.id, userIds: [id] }),
          ),
      },
    );
  return (
    <Panel title={t('groups.members')} text={t('groups.members-text')}>
      <Stack>
        <ProblemNotice error={members.error ?? remove.error} />
        {members.data?.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('groups.no-members')}
          </Text>
        )}
        <ul className={classes['members']}>
          {(members.data ?? []).map(({ id, username }) => (
            <li key={id}>
              <AnchorLink to="/users/$userId" params={{ userId: id }}>
                {username}
              </AnchorLink>
              {mayChange && (
                <Tooltip label={t('groups.remove-member')}>
                  <ActionIcon
                    aria-label={t('groups.remove-named', { name: username })}
                    loading={remove.isPending && remove.variables.userId === id}
                    onClick={() => takeOut({ id, username })}
                  >
                    <IconUserMinus size={16} />
                  </ActionIcon>
                </Tooltip>
              )}
            </li>
          ))}
        </ul>
        {mayChange && <AddMembers group={group} present={(members.data ?? []).map(({ id }) => id)} />}
      </Stack>
    </Panel>
  );
}

function AddMembers({ group, present }: { group: GroupView; present: readonly string[] }) {
  const { t } = useTranslation();
  const users = useQuery(usersQuery);
  const add = useAddMembers();
  const [chosen, choose] = useState<string[]>([]);
  const others = (users.data ?? []).filter(({ id }) => !present.includes(id));
  const save = () => add.mutate({ id: group.id, userIds: chosen }, { onSuccess: () => choose([]) });
  return (
    <>
      <ProblemNotice error={add.error} />
      <Group align="flex-end" gap="xs">
        <MultiSelect
          label={t('groups.add-members')}
          placeholder={chosen.length === 0 ? t('groups.pick-members') : ''}
          searchable
          hidePickedOptions
          nothingFoundMessage={t('table.nothing-found')}
          data={others.map(({ id, username }) => ({ value: id, label: username }))}
          value={chosen}
          onChange={choose}
          className={classes['pick'] ?? ''}
        />
        <Button disabled={chosen.length === 0} loading={add.isPending} onClick={save}>
          {t('groups.add')}
        </Button>
      </Group>
    </>
  );
}
