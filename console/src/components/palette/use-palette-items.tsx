// What the command palette finds: places, things of the account, and what can be done.
import {
  IconBox,
  IconBoxMultiple,
  IconBucket,
  IconKey,
  IconKeyboard,
  IconMoon,
  IconPlugConnected,
  IconPlus,
  IconQuestionMark,
  IconShieldCheck,
  IconSun,
  IconUser,
} from '@tabler/icons-react';
import { useMantineColorScheme } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { type NavigateOptions, useNavigate } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { bucketsQuery } from '../../api/buckets.ts';
import { projectsQuery } from '../../api/projects.ts';
import { s3KeysQuery } from '../../api/s3-keys.ts';
import { useMay, useSession } from '../../api/session.ts';
import { usersQuery } from '../../api/users.ts';
import { placesFor } from '../shell/places.ts';
import { requestIdIn } from './rank.ts';

export type PaletteItem = {
  readonly id: string;
  readonly group: 'request' | 'places' | 'actions' | 'projects' | 'buckets' | 'users' | 'keys';
  readonly label: string;
  readonly hint?: string;
  readonly keywords?: string;
  readonly Icon: ComponentType<{ size?: number }>;
  readonly run: () => void;
};

type Make = (item: Omit<PaletteItem, 'run'>, to: NavigateOptions) => PaletteItem;

/** Things are fetched once something is typed: opening the palette costs the server nothing. */
export function usePaletteItems(typed: string, onHelp: () => void): readonly PaletteItem[] {
  const navigate = useNavigate();
  const go: Make = (item, to) => ({ ...item, run: () => void navigate(to) });
  const isTyped = typed.trim() !== '';
  return [
    ...useRequestItem(typed, go),
    ...usePlaces(go),
    ...useActions(go, onHelp),
    ...useThings(isTyped, go),
    ...useUsers(isTyped, go),
  ];
}

function useRequestItem(typed: string, go: Make): PaletteItem[] {
  const { t } = useTranslation();
  const requestId = requestIdIn(typed);
  if (requestId === null) return [];
  const item = { id: 'request', group: 'request', Icon: IconQuestionMark, keywords: requestId } as const;
  return [go({ ...item, label: t('palette.explain', { requestId }) }, { to: '/audit', search: { requestId } })];
}

function usePlaces(go: Make): PaletteItem[] {
  const { t } = useTranslation();
  const places = placesFor(useSession().allowedActions).map(({ to, Icon, label }) =>
    go({ id: to, group: 'places', label: t(label), Icon }, { to }),
  );
  const own = { id: '/security', group: 'places', label: t('security.title'), Icon: IconShieldCheck } as const;
  return [...places, go(own, { to: '/security' })];
}

function useActions(go: Make, onHelp: () => void): PaletteItem[] {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const mayCreateProject = useMay('vstorage:CreateProject');
  const mayCreateUser = useMay('vstorage:CreateUser');
  const mayCreatePolicy = useMay('vstorage:CreatePolicy');
  const action = (id: string, label: string, Icon: PaletteItem['Icon']) =>
    ({ id, group: 'actions', label, Icon }) as const;
  const theme = (value: 'light' | 'dark', Icon: PaletteItem['Icon']): PaletteItem => ({
    ...action(value, `${t('theme.label')}: ${t(`theme.${value}`)}`, Icon),
    run: () => setColorScheme(value),
  });
  return [
    ...(mayCreateProject
      ? [go(action('create-project', t('projects.create'), IconPlus), { to: '/projects', hash: 'create' })]
      : []),
    ...(mayCreateUser
      ? [go(action('create-user', t('users.create'), IconPlus), { to: '/users', hash: 'create' })]
      : []),
    ...(mayCreatePolicy
      ? [go(action('create-policy', t('policies.create'), IconPlus), { to: '/policies/create' })]
      : []),
    theme('light', IconSun),
    theme('dark', IconMoon),
    { ...action('shortcuts', t('shortcuts.title'), IconKeyboard), run: onHelp },
  ];
}

/** Projects, their buckets and keys, and what can be done in each. */
function useThings(isTyped: boolean, go: Make): PaletteItem[] {
  const { t } = useTranslation();
  const { data: projects = [] } = useQuery({ ...projectsQuery('active'), enabled: isTyped });
  const buckets = useQueries({ queries: projects.map(({ id }) => ({ ...bucketsQuery(id), enabled: isTyped })) });
  const keys = useQueries({ queries: projects.map(({ id }) => ({ ...s3KeysQuery(id), enabled: isTyped })) });
  if (!isTyped) return [];
  return projects.flatMap(({ id: projectId, name }, index) => {
    const params = { projectId };
    const hint = name;
    const act = (id: string, label: string, Icon: PaletteItem['Icon']) =>
      ({ id: `${id} ${projectId}`, group: 'actions', label, hint, keywords: name, Icon }) as const;
    return [
      go(
        { id: projectId, group: 'projects', label: name, hint: projectId, keywords: projectId, Icon: IconBoxMultiple },
        { to: '/projects/$projectId/information', params },
      ),
      go(act('generate', t('keys.generate'), IconKey), { to: '/projects/$projectId/access', params, hash: 'generate' }),
      go(act('bucket', t('bucket.create'), IconBucket), { to: '/projects/$projectId/buckets', params, hash: 'create' }),
      go(act('connect', t('keys.connect'), IconPlugConnected), { to: '/projects/$projectId/connection', params }),
      ...(buckets[index]?.data ?? []).map(({ name: bucket }) =>
        go(
          { id: `bucket ${projectId} ${bucket}`, group: 'buckets', label: bucket, hint, Icon: IconBox },
          { to: '/projects/$projectId/buckets/$bucket/objects', params: { projectId, bucket } },
        ),
      ),
      ...(keys[index]?.data?.items ?? []).map(({ id, accessKey, description, creator }) =>
        go(
          {
            id: `key ${id}`,
            group: 'keys',
            label: accessKey,
            hint: description === '' ? name : `${description} · ${name}`,
            keywords: `${id} ${description} ${creator.name}`,
            Icon: IconKey,
          },
          { to: '/projects/$projectId/access', params, search: {} },
        ),
      ),
    ];
  });
}

function useUsers(isTyped: boolean, go: Make): PaletteItem[] {
  const maySee = useMay('vstorage:ListUsers');
  const { data: users = [] } = useQuery({ ...usersQuery, enabled: isTyped && maySee });
  return users.map(({ id, username, email }) =>
    go(
      {
        id: `user ${id}`,
        group: 'users',
        label: username,
        hint: email ?? id,
        keywords: `${id} ${email ?? ''}`,
        Icon: IconUser,
      },
      { to: '/users/$userId', params: { userId: id } },
    ),
  );
}
