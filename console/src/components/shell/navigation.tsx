import {
  IconBoxMultiple,
  IconCode,
  IconExternalLink,
  IconHistory,
  IconLockCog,
  IconRobot,
  IconScale,
  IconShieldLock,
  IconTrash,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/session.ts';
import classes from './navigation.module.css';

export function Navigation() {
  const { t } = useTranslation();
  const maySeeUsers = useMay('vstorage:ListUsers');
  const maySeePolicies = useMay('vstorage:ListPolicies');
  const maySeeGroups = useMay('vstorage:ListGroups');
  const maySeeServices = useMay('vstorage:ListServiceAccounts');
  const mayAudit = useMay('vstorage:ListAuditRecords');
  const maySimulate = useMay('vstorage:GetPolicy');
  const maySeeSignIn = useMay('vstorage:GetSignInSettings');
  return (
    <nav className={classes['nav']} aria-label={t('shell.navigation')}>
      <span className={classes['group']}>{t('nav.storage')}</span>
      <Item to="/projects" icon={<IconBoxMultiple size={18} />} label={t('nav.projects')} />
      <Item to="/trash" icon={<IconTrash size={18} />} label={t('nav.trash')} />
      {(maySeeUsers || maySeePolicies) && <span className={classes['group']}>{t('nav.access')}</span>}
      {maySeeUsers && <Item to="/users" icon={<IconUsers size={18} />} label={t('nav.users')} />}
      {maySeeGroups && <Item to="/groups" icon={<IconUsersGroup size={18} />} label={t('nav.groups')} />}
      {maySeeServices && (
        <Item to="/service-accounts" icon={<IconRobot size={18} />} label={t('nav.service-accounts')} />
      )}
      {maySeePolicies && <Item to="/policies" icon={<IconShieldLock size={18} />} label={t('nav.policies')} />}
      {maySimulate && <Item to="/simulator" icon={<IconScale size={18} />} label={t('nav.simulator')} />}
      {mayAudit && <Item to="/audit" icon={<IconHistory size={18} />} label={t('nav.audit')} />}
      {maySeeSignIn && (
        <Item to="/sign-in-security" icon={<IconLockCog size={18} />} label={t('sign-in-settings.title')} />
      )}
      <span className={classes['group']}>{t('nav.developers')}</span>
      <a className={classes['item']} href="/api/docs" target="_blank" rel="noreferrer">
        <IconCode size={18} aria-hidden="true" />
        {t('nav.api-docs')}
        <IconExternalLink size={14} className={classes['external']} aria-label={t('nav.new-tab')} />
      </a>
    </nav>
  );
}

function Item({ to, icon, label }: { to: NonNullable<LinkProps['to']>; icon: ReactNode; label: string }) {
  return (
    <Link to={to} className={classes['item'] ?? ''} activeProps={{ 'data-active': true, 'aria-current': 'page' }}>
      {icon}
      {label}
    </Link>
  );
}
