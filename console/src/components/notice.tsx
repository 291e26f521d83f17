import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './notice.module.css';

type Props = {
  tone: 'warning' | 'danger';
  title?: string;
  children: ReactNode;
  /** `alert` interrupts a screen reader, `status` waits */
  role?: 'alert' | 'status';
};

export function Notice({ tone, title, children, role }: Props) {
  return (
    <div className={classes['notice']} data-tone={tone} role={role}>
      <IconAlertTriangle size={18} aria-hidden="true" className={classes['icon']} />
      <div className={classes['body']}>
        {title !== undefined && <p className={classes['title']}>{title}</p>}
        {children}
      </div>
    </div>
  );
}
