// Two kinds of account, as two doors. The browser remembers which one was used last; a way back leads to the choice.
import { Button, Text, Title } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconArrowLeft } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BrandPanel } from '../components/sign-in/brand-panel.tsx';
import { IamForm } from '../components/sign-in/iam-form.tsx';
import { KindChoice } from '../components/sign-in/kind-choice.tsx';
import { RootForm } from '../components/sign-in/root-form.tsx';
import classes from '../components/sign-in/sign-in.module.css';
import { LanguageSwitch } from '../components/language-switch.tsx';
import { Logo } from '../components/logo.tsx';
import { ThemeMenu } from '../components/theme-menu.tsx';
import { UnreachableNotice } from '../components/unreachable-notice.tsx';
import { usePageTitle } from '../hooks/use-page-title.ts';

export type Kind = 'root' | 'iam';

export function SignInPage() {
  const { t } = useTranslation();
  usePageTitle(t('sign-in.title'));
  const [last, remember] = useLocalStorage<Kind | ''>({
    key: 'vstorage-sign-in',
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  const [kind, setKind] = useState<Kind | ''>(last);
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
          {kind !== '' && (
            <Button
              variant="subtle"
              color="gray"
              className={classes['back'] ?? ''}
              leftSection={<IconArrowLeft size={16} />}
              onClick={() => setKind('')}
            >
              {t('sign-in.other-kind')}
            </Button>
          )}
          <Title order={1}>{kind === '' ? t('sign-in.title') : t(`sign-in.${kind}.title`)}</Title>
          <Text c="dimmed" mt={4} mb="lg">
            {kind === '' ? t('sign-in.choose') : t(`sign-in.${kind}.text`)}
          </Text>
          {kind === '' && <KindChoice onChoose={setKind} />}
          {kind === 'root' && <RootForm onSignedIn={() => remember('root')} />}
          {kind === 'iam' && <IamForm onSignedIn={() => remember('iam')} />}
        </div>
      </main>
    </div>
  );
}
