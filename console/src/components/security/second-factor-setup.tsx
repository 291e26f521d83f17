import { Button, Stack } from '@mantine/core';
import { IconDeviceMobile, IconFingerprint } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { securityQuery } from '../../api/security.ts';
import { canUsePasskeys } from '../../passkey.ts';
import { PasskeySetup } from './passkey-setup.tsx';
import { TotpSetup } from './totp-setup.tsx';

/** For somebody whose account asks for a second factor: which of the two it shall be. */
export function SecondFactorSetup({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const { data: security } = useSuspenseQuery(securityQuery);
  const [kind, setKind] = useState<'totp' | 'passkey' | null>(canUsePasskeys() ? null : 'totp');
  const back = canUsePasskeys() ? { onCancel: () => setKind(null) } : {};
  const props = { hasPassword: security.hasPassword, onDone, ...back };
  if (kind === 'totp') return <TotpSetup {...props} />;
  if (kind === 'passkey') return <PasskeySetup {...props} />;
  return (
    <Stack>
      <Button size="md" leftSection={<IconDeviceMobile size={18} />} onClick={() => setKind('totp')}>
        {t('security.totp-set-up')}
      </Button>
      <Button
        size="md"
        variant="default"
        leftSection={<IconFingerprint size={18} />}
        onClick={() => setKind('passkey')}
      >
        {t('security.passkey-add')}
      </Button>
    </Stack>
  );
}
