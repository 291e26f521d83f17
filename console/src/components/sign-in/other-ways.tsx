// Ways in without a password of this product: identity providers and passkeys.
import { Button, Divider, Stack } from '@mantine/core';
import { IconFingerprint, IconId } from '@tabler/icons-react';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Provider, useLeaveForProvider } from '../../api/sign-in.ts';
import { usePasskeySignIn } from '../../hooks/use-sign-in.ts';
import { canUsePasskeys } from '../../passkey.ts';
import { ProblemNotice } from '../problem-notice.tsx';

type Props = { providers: readonly Provider[]; passkey: boolean; onSignedIn?: () => void };

export function OtherWays({ providers, passkey, onSignedIn }: Props) {
  const { t } = useTranslation();
  const { redirect } = useSearch({ strict: false });
  const leave = useLeaveForProvider(redirect);
  const byPasskey = usePasskeySignIn(null, onSignedIn);
  const withPasskey = passkey && canUsePasskeys();
  if (providers.length === 0 && !withPasskey) return null;
  return (
    <Stack gap="sm">
      <Divider label={t('sign-in.or')} />
      <ProblemNotice error={leave.error ?? byPasskey.error} />
      {providers.map((provider) => (
        <Button
          key={provider.providerId}
          size="md"
          variant="default"
          leftSection={<IconId size={18} aria-hidden="true" />}
          loading={leave.isPending && leave.variables?.providerId === provider.providerId}
          onClick={() => leave.mutate(provider)}
        >
          {t('sign-in.with-provider', { name: provider.name })}
        </Button>
      ))}
      {withPasskey && (
        <Button
          size="md"
          variant="default"
          leftSection={<IconFingerprint size={18} aria-hidden="true" />}
          loading={byPasskey.isPending}
          onClick={() => byPasskey.mutate()}
        >
          {t('sign-in.with-passkey')}
        </Button>
      )}
    </Stack>
  );
}
