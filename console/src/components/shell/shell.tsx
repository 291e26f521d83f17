// The frame around every page: top bar, navigation, content.
import { AppShell, Burger } from '@mantine/core';
import { Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActivity } from '../../objects/activity.ts';
import { preloadPages } from '../../preload-pages.ts';
import { mayHavePending } from '../../uploads/pending.ts';
import { BackgroundStatus } from '../background/background-status.tsx';
import { CommandKeys } from '../palette/command-keys.tsx';
import { AccountMenu } from './account-menu.tsx';
import { HomeLink } from './home-link.tsx';
import { LanguageSwitch } from '../language-switch.tsx';
import { Navigation } from './navigation.tsx';
import { RegionSelect } from './region-select.tsx';
import { ThemeMenu } from '../theme-menu.tsx';
import { UnreachableNotice } from '../unreachable-notice.tsx';
import { UsageCard } from './usage-card.tsx';
import classes from './shell.module.css';

const ActivityDock = lazy(async () => ({ default: (await import('../activity/activity.tsx')).ActivityDock }));

export function Shell() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const router = useRouter();
  useEffect(() => {
    const leaving = new AbortController();
    void preloadPages(router, leaving.signal, () => import('../notices.tsx'));
    return () => leaving.abort();
  }, [router]);
  // The phone's menu is open on one page: visiting another closes it.
  const [openedOn, setOpenedOn] = useState<string | null>(null);
  const [pending] = useState(mayHavePending);
  const { projectId } = useActivity();
  const opened = openedOn === pathname;
  const toggle = () => setOpenedOn(opened ? null : pathname);
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
        <CommandKeys />
        <BackgroundStatus />
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
        {(pending || projectId !== null) && (
          <Suspense fallback={null}>
            <ActivityDock />
          </Suspense>
        )}
      </AppShell.Main>
    </AppShell>
  );
}
