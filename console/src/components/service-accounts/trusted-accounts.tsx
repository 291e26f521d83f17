import { Button, Group, Stack, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ServiceAccountView, useSetTrustedAccounts } from '../../api/service-accounts.ts';
import { useMay } from '../../api/session.ts';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

/** Root accounts whose users may act as this service account, when their own policies let them. */
export function TrustedAccounts({ account }: { account: ServiceAccountView }) {
  const { t } = useTranslation();
  const mayTrust = useMay('vstorage:TrustRootAccount');
  const [ids, setIds] = useState([...account.trustedAccounts]);
  const update = useSetTrustedAccounts();
  const changed = ids.toSorted().join() !== account.trustedAccounts.toSorted().join();
  return (
    <Panel title={t('service-accounts.trusted')} text={t('service-accounts.trusted-text')}>
      <Stack>
        <ProblemNotice error={update.error} />
        <TagsInput
          aria-label={t('service-accounts.trusted')}
          placeholder={ids.length === 0 ? '123456789012' : ''}
          readOnly={!mayTrust}
          value={ids}
          onChange={setIds}
        />
        {mayTrust && (
          <Group justify="flex-end">
            <Button
              disabled={!changed}
              loading={update.isPending}
              onClick={() => update.mutate({ id: account.id, trustedAccounts: ids })}
            >
              {t('action.save')}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
