import { Avatar, Badge, Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowBackUp, IconChevronDown, IconKey, IconLogout, IconRobot, IconShieldCheck } from '@tabler/icons-react';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionIdentity } from '../../../../src/console-api/contract.ts';
import { useGoBack } from '../../api/impersonation.ts';
import { useSession, useSignOut } from '../../api/session.ts';
import { useProblem } from '../../hooks/use-problem.ts';
import { LanguageSwitch } from '../language-switch.tsx';
import { MenuLink } from '../links.tsx';
import { ThemeSwitch } from '../theme-switch.tsx';
import classes from './account-menu.module.css';

const ChangePassword = lazy(async () => ({ default: (await import('../change-password.tsx')).ChangePassword }));

const ActAs = lazy(async () => ({ default: (await import('./act-as.tsx')).ActAs }));

function nameOf(identity: SessionIdentity): string {
  if (identity.type === 'root') return identity.email;
  return identity.type === 'iam' ? identity.username : identity.name;
}

export function AccountMenu() {
  const { t } = useTranslation();
  const { identity, impersonator } = useSession();
  const [changing, change] = useDisclosure();
  const [choosing, choose] = useDisclosure();
  const signOut = useSignOut();
  const goBack = useGoBack();
  const navigate = useNavigate();
  const router = useRouter();
  const problem = useProblem();
  const iam = identity.type === 'iam';
  const name = nameOf(identity);
  const leave = () =>
    signOut.mutate(undefined, { onError: problem.notify, onSettled: () => void navigate({ to: '/signin' }) });
  const enter = () => void router.invalidate().then(() => navigate({ to: '/overview' }));
  const acted = () => {
    choose.close();
    enter();
  };
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
            {impersonator !== null && (
              <Text size="xs" mt={6}>
                {t('act-as.by', { name: impersonator.name })}
              </Text>
            )}
          </div>
          <div className={classes['phone']}>
            <LanguageSwitch />
            <ThemeSwitch />
          </div>
          <Menu.Divider />
          {impersonator === null ? (
            <>
              <MenuLink to="/security" leftSection={<IconShieldCheck size={16} />}>
                {t('security.title')}
              </MenuLink>
              <Menu.Item leftSection={<IconKey size={16} />} onClick={change.open}>
                {t('account.change-password')}
              </Menu.Item>
              <Menu.Item leftSection={<IconRobot size={16} />} onClick={choose.open}>
                {t('act-as.action')}
              </Menu.Item>
            </>
          ) : (
            <Menu.Item
              leftSection={<IconArrowBackUp size={16} />}
              onClick={() => goBack.mutate(undefined, { onSuccess: enter, onError: problem.notify })}
            >
              {t('act-as.back', { name: impersonator.name })}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
            {t('account.sign-out')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>{changing && <ChangePassword onClose={change.close} />}</Suspense>
      <Suspense>{choosing && <ActAs onClose={choose.close} onDone={acted} />}</Suspense>
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
