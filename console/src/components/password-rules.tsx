import { IconCheck, IconPoint } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PasswordRules as Rules } from '../../../src/console-api/contract.ts';
import { passwordRules } from '../password.ts';
import classes from './password-rules.module.css';

export function PasswordRules({ password, rules }: { password: string; rules: Rules }) {
  const { t } = useTranslation();
  const { minLength: min, maxLength: max } = rules;
  return (
    <ul className={classes['rules']} aria-label={t('password.rules')}>
      {passwordRules(password, rules).map(({ name, met }) => (
        <li key={name} data-met={met || undefined}>
          {met ? <IconCheck size={14} aria-label={t('password.met')} /> : <IconPoint size={14} aria-hidden="true" />}
          {t(`password.${name}`, { min, max })}
        </li>
      ))}
    </ul>
  );
}
