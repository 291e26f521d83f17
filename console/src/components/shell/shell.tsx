// The frame around every page: top bar, navigation, content.
import { AppShell, Burger } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountMenu } from './account-menu.tsx';
import { HomeLink } from './home-link.tsx';
import { LanguageSwitch } from '../language-switch.tsx';
import { Navigation } from './navigation.tsx';
import { RegionSelect } from './region-select.tsx';
import { ThemeMenu } from '../theme-menu.tsx';
import { UnreachableNotice } from '../unreachable-notice.tsx';
import { UsageCard } from './usage-card.tsx';
import classes from './shell.module.css';

export function Shell() {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  // A visited page closes the phone's menu.
  useEffect(() => close(), [pathname, close]);
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 248, breakpoint: 'sm', collapsed: { mobile: !opened } }}>
      <a className="skip-link" href="#main">
        {t('shell.skip')}
      </a>
      <AppShell.Header className={classes['header'] ?? ''}>
        <Burger
          opened={opened}
          onClick={toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label={t(opened ? 'shell.close-menu' : 'shell.open-menu')}
          aria-expanded={opened}
        />
        <HomeLink />
        <RegionSelect />
        <div className={classes['spacer']} />
        <div className={classes['wide']}>
          <LanguageSwitch />
          <ThemeMenu />
        </div>
        <AccountMenu />
      </AppShell.Header>
      <AppShell.Navbar className={classes['navbar'] ?? ''} aria-label={t('shell.navigation')}>
        <Navigation />
        <UsageCard />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes['main'] ?? ''}>
        <UnreachableNotice />
        <div className={classes['content']}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}
