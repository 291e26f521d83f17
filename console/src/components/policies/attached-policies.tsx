import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../links.tsx';
import { Panel } from '../panel.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import { PolicyNames } from '../users/policy-names.tsx';
import { PolicyPicker } from './policy-picker.tsx';

type Props = {
  policies: readonly string[];
  text: string;
  mayAttach: boolean;
  error: Error | null;
  pending: boolean;
  onSave: (names: string[]) => void;
};

/** What somebody may do: attach and detach, then save. Keys follow at their next request. */
export function AttachedPolicies({ policies, text, mayAttach, error, pending, onSave }: Props) {
  const { t } = useTranslation();
  const [names, setNames] = useState([...policies]);
  const changed = names.toSorted().join() !== policies.toSorted().join();
  return (
    <Panel title={t('users.permissions')} text={text}>
      <Stack>
        <ProblemNotice error={error} />
        {mayAttach ? <PolicyPicker value={names} onChange={setNames} /> : <PolicyNames names={[...policies]} />}
        <Group justify="space-between">
          <AnchorLink to="/policies" size="sm">
            {t('users.see-policies')}
          </AnchorLink>
          {mayAttach && (
            <Button disabled={!changed} loading={pending} onClick={() => onSave(names)}>
              {t('action.save')}
            </Button>
          )}
        </Group>
      </Stack>
    </Panel>
  );
}
