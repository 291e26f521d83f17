// A new password, typed twice.
import { PasswordInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PasswordRules as Rules } from '../../../src/console-api/contract.ts';
import { meetsRules } from '../password.ts';
import { PasswordRules } from './password-rules.tsx';

export type Chosen = { password: string; repeated: string };

export const nothingChosen: Chosen = { password: '', repeated: '' };

export const isChosen = ({ password, repeated }: Chosen, rules: Rules): boolean =>
  password === repeated && meetsRules(password, rules);

type Props = { value: Chosen; onChange: (chosen: Chosen) => void; rules: Rules; size?: 'sm' | 'md' };

export function ChoosePassword({ value, onChange, rules, size = 'sm' }: Props) {
  const { t } = useTranslation();
  const differs = value.repeated !== '' && value.repeated !== value.password;
  return (
    <>
      <PasswordInput
        size={size}
        label={t('account.new-password')}
        name="new-password"
        autoComplete="new-password"
        value={value.password}
        onChange={(event) => onChange({ ...value, password: event.currentTarget.value })}
      />
      <PasswordRules password={value.password} rules={rules} />
      <PasswordInput
        size={size}
        label={t('account.repeat-password')}
        autoComplete="new-password"
        value={value.repeated}
        error={differs ? t('account.passwords-differ') : null}
        onChange={(event) => onChange({ ...value, repeated: event.currentTarget.value })}
      />
    </>
  );
}
