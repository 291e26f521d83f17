import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './details.module.css';

/** A titled part of the details, its action at the right. */
export function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes['section']} aria-label={title}>
      <div className={classes['head']}>
        <Title order={3} size="h3">
          {title}
        </Title>
        {action}
      </div>
      {children}
    </section>
  );
}
