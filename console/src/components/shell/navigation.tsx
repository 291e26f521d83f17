import { Link, type LinkProps } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.ts';
import classes from './navigation.module.css';
import { placeGroups, placesFor } from './places.ts';

export function Navigation() {
  const { t } = useTranslation();
  const shown = placesFor(useSession().allowedActions);
  return (
    <nav className={classes['nav']} aria-label={t('shell.navigation')}>
      {placeGroups.map((group) => {
        const items = shown.filter((place) => place.group === group);
        return (
          items.length > 0 && (
            <Fragment key={group}>
              <span className={classes['group']}>{t(`nav.${group}`)}</span>
              {items.map(({ to, Icon, label }) => (
                <Item key={to} to={to} icon={<Icon size={18} />} label={t(label)} />
              ))}
            </Fragment>
          )
        );
      })}
    </nav>
  );
}

function Item({ to, icon, label }: { to: NonNullable<LinkProps['to']>; icon: ReactNode; label: string }) {
  return (
    <Link to={to} className={classes['item'] ?? ''} activeProps={{ 'data-active': true, 'aria-current': 'page' }}>
      {icon}
      {label}
    </Link>
  );
}
