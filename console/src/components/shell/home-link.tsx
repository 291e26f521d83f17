import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Logo } from '../logo.tsx';
import classes from './shell.module.css';

export function HomeLink() {
  const { t } = useTranslation();
  return (
    <Link to="/overview" className={classes['home'] ?? ''} aria-label={t('shell.home')}>
      <Logo />
    </Link>
  );
}
