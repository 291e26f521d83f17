import { IconCheck, IconPoint } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { passwordRules } from '../password.ts';
import classes from './password-rules.module.css';

export function PasswordRules({ password }: { password: string }) {
  const { t } = useTranslation();
  return (
    <ul className={classes['rules']} aria-label={t('password.rules')}>
      {passwordRules(password).map(({ name, met }) => (
        <li key={name} data-met={met || undefined}>
          {met ? <IconCheck size={14} aria-label={t('password.met')} /> : <IconPoint size={14} aria-hidden="true" />}
          {t(`password.${name}`)}
        </li>
      ))}
    </ul>
  );
}
