import { Avatar, Badge, Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconKey, IconLogout, IconShieldCheck } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionIdentity } from '../../../../src/console-api/contract.ts';
import { useSession, useSignOut } from '../../api/session.ts';
import { useProblem } from '../../hooks/use-problem.ts';
import { LanguageSwitch } from '../language-switch.tsx';
import { MenuLink } from '../links.tsx';
import { ThemeSwitch } from '../theme-switch.tsx';
import classes from './account-menu.module.css';

const ChangePassword = lazy(async () => ({ default: (await import('../change-password.tsx')).ChangePassword }));

function nameOf(identity: SessionIdentity): string {
  if (identity.type === 'root') return identity.email;
  return identity.type === 'iam' ? identity.username : identity.name;
}

export function AccountMenu() {
  const { t } = useTranslation();
  const { identity } = useSession();
  const [changing, change] = useDisclosure();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const problem = useProblem();
  const iam = identity.type === 'iam';
  const name = nameOf(identity);
  const leave = () =>
    signOut.mutate(undefined, { onError: problem.notify, onSettled: () => void navigate({ to: '/signin' }) });
  return (
    <>
      <Menu width={288}>
        <Menu.Target>
          <UnstyledButton className={classes['button'] ?? ''}>
            <VisuallyHidden>{t('account.menu', { name })}</VisuallyHidden>
            <Avatar aria-hidden="true" size={30} radius="xl" classNames={{ placeholder: classes['initial'] ?? '' }}>
              {name.slice(0, 1).toUpperCase()}
            </Avatar>
            <span className={classes['name']} aria-hidden="true">
              {name}
            </span>
            {iam && <IamBadge wide />}
            <IconChevronDown size={14} className={classes['chevron']} aria-hidden="true" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={classes['who']}>
            <Text fw={600} truncate title={name}>
              {name}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {identity.type === 'root' ? t('account.root') : t('account.of', { email: identity.rootEmail })}
            </Text>
            <Text size="xs" c="dimmed">
              {t('account.id')} <span className="mono">{identity.accountId}</span>
            </Text>
            {iam && <IamBadge />}
          </div>
          <div className={classes['phone']}>
            <LanguageSwitch />
            <ThemeSwitch />
          </div>
          <Menu.Divider />
          <MenuLink to="/security" leftSection={<IconShieldCheck size={16} />}>
            {t('security.title')}
          </MenuLink>
          <Menu.Item leftSection={<IconKey size={16} />} onClick={change.open}>
            {t('account.change-password')}
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
            {t('account.sign-out')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>{changing && <ChangePassword onClose={change.close} />}</Suspense>
    </>
  );
}

function IamBadge({ wide = false }: { wide?: boolean }) {
  const { t } = useTranslation();
  return (
    <Badge size="sm" radius="sm" variant="light" {...(wide ? { visibleFrom: 'md' } : { mt: 6 })}>
      {t('account.iam-badge')}
    </Badge>
  );
}
