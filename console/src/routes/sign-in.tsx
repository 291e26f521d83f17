// Two kinds of account, as two doors, and the ways in beside passwords. The browser remembers which door was used last;
// a way back leads to the choice.
import { Group, Stack, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signInMethodsQuery } from '../api/sign-in.ts';
import { AnchorLink } from '../components/links.tsx';
import { Back } from '../components/sign-in/back.tsx';
import { CredentialsForm } from '../components/sign-in/credentials-form.tsx';
import { SignInFrame } from '../components/sign-in/frame.tsx';
import { KindChoice } from '../components/sign-in/kind-choice.tsx';
import { OtherWays } from '../components/sign-in/other-ways.tsx';
import { SecondFactor } from '../components/sign-in/second-factor.tsx';
import type { SecondStep } from '../hooks/use-sign-in.ts';

export type Kind = 'root' | 'iam';

export function SignInPage() {
  const { t } = useTranslation();
  const [last, remember] = useLocalStorage<Kind | ''>({
    key: 'vstorage-sign-in',
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  const [kind, setKind] = useState<Kind | ''>(last);
  const [step, setStep] = useState<SecondStep | null>(null);
  const onSignedIn = () => remember(kind);
  if (step !== null) {
    return (
      <SignInFrame
        title={t('sign-in.second.title')}
        text={t('sign-in.second.text')}
        back={<Back label={t('sign-in.back')} onClick={() => setStep(null)} />}
      >
        <SecondFactor step={step} onSignedIn={onSignedIn} />
      </SignInFrame>
    );
  }
  if (kind === '') return <Doors onChoose={setKind} />;
  return (
    <SignInFrame
      title={t(`sign-in.${kind}.title`)}
      text={t(`sign-in.${kind}.text`)}
      back={<Back label={t('sign-in.other-kind')} onClick={() => setKind('')} />}
    >
      <CredentialsForm key={kind} kind={kind} onSignedIn={onSignedIn} onSecondStep={setStep} />
    </SignInFrame>
  );
}

function Doors({ onChoose }: { onChoose: (kind: Kind) => void }) {
  const { t } = useTranslation();
  const { data: methods } = useQuery(signInMethodsQuery(''));
  return (
    <SignInFrame title={t('sign-in.title')} text={t('sign-in.choose')}>
      <Stack gap="lg">
        <KindChoice onChoose={onChoose} />
        <OtherWays providers={methods?.providers ?? []} passkey />
        {methods?.selfSignUp === true && (
          <Group justify="center" gap={6}>
            <Text size="sm" c="dimmed">
              {t('sign-in.new-here')}
            </Text>
            <AnchorLink to="/signin/sign-up" size="sm">
              {t('sign-in.sign-up')}
            </AnchorLink>
          </Group>
        )}
      </Stack>
    </SignInFrame>
  );
}
