// After the password: a code of the authenticator app, a recovery code, or a passkey.
import { Button, Divider, Stack, TextInput } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type SecondStep, usePasskeySignIn, useSignIn } from '../../hooks/use-sign-in.ts';
import { canUsePasskeys } from '../../passkey.ts';
import { ProblemNotice } from '../problem-notice.tsx';

type Props = { step: SecondStep; onSignedIn: () => void };

export function SecondFactor({ step, onSignedIn }: Props) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const signIn = useSignIn({ onSignedIn });
  const byPasskey = usePasskeySignIn(step.ticket, onSignedIn);
  const hasApp = step.factors.includes('totp');
  const withPasskey = step.factors.includes('passkey') && canUsePasskeys();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ type: 'second-factor', ticket: step.ticket, otp: code.trim() });
  };
  return (
    <Stack gap="lg">
      <ProblemNotice error={signIn.error ?? byPasskey.error} />
      {withPasskey && (
        <Button
          size="md"
          variant={hasApp ? 'default' : 'filled'}
          leftSection={<IconFingerprint size={18} aria-hidden="true" />}
          loading={byPasskey.isPending}
          onClick={() => byPasskey.mutate()}
        >
          {t('sign-in.second.passkey')}
        </Button>
      )}
      {withPasskey && <Divider label={t('sign-in.or')} />}
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            size="md"
            label={t(hasApp ? 'sign-in.second.code' : 'sign-in.second.recovery-code')}
            description={hasApp ? t('sign-in.second.code-hint') : undefined}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            name="otp"
            autoComplete="one-time-code"
            spellCheck={false}
            autoFocus
            required
            withAsterisk={false}
            maxLength={40}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Button
            type="submit"
            size="md"
            variant={withPasskey && !hasApp ? 'default' : 'filled'}
            loading={signIn.isPending}
          >
            {t('sign-in.second.submit')}
          </Button>
        </Stack>
      </form>
    </Stack>
  );
}
