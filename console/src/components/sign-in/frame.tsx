// What all pages before signing in stand in.
import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePageTitle } from '../../hooks/use-page-title.ts';
import { LanguageSwitch } from '../language-switch.tsx';
import { Logo } from '../logo.tsx';
import { ThemeMenu } from '../theme-menu.tsx';
import { UnreachableNotice } from '../unreachable-notice.tsx';
import { BrandPanel } from './brand-panel.tsx';
import classes from './sign-in.module.css';

type Props = { title: string; text?: string; back?: ReactNode; children: ReactNode };

export function SignInFrame({ title, text, back, children }: Props) {
  usePageTitle(title);
  return (
    <div className={classes['page']}>
      <BrandPanel />
      <main className={classes['main']}>
        <div className={classes['top']}>
          <span className={classes['phone-logo']}>
            <Logo />
          </span>
          <LanguageSwitch />
          <ThemeMenu />
        </div>
        <div className={classes['form']}>
          <UnreachableNotice />
          {back}
          <Title order={1}>{title}</Title>
          {text !== undefined && (
            <Text c="dimmed" mt={4}>
              {text}
            </Text>
          )}
          <div className={classes['content']}>{children}</div>
        </div>
      </main>
    </div>
  );
}
