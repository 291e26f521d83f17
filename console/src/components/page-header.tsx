import { Breadcrumbs, Group, Text, Title } from '@mantine/core';
import { type LinkProps } from '@tanstack/react-router';
import { AnchorLink } from './links.tsx';
import type { ReactNode } from 'react';
import { usePageTitle } from '../hooks/use-page-title.ts';
import classes from './page-header.module.css';

type Props = {
  title: string;
  description?: ReactNode;
  /** beside the title: a badge */
  badge?: ReactNode;
  actions?: ReactNode;
  parent?: { label: string; to: NonNullable<LinkProps['to']> };
};

export function PageHeader({ title, description, badge, actions, parent }: Props) {
  usePageTitle(title);
  return (
    <header className={classes['header']}>
      {parent !== undefined && (
        <Breadcrumbs className={classes['crumbs']} separatorMargin={6} fz="sm">
          <AnchorLink to={parent.to} c="dimmed">
            {parent.label}
          </AnchorLink>
          <Text inherit c="dimmed" truncate>
            {title}
          </Text>
        </Breadcrumbs>
      )}
      <div className={classes['row']}>
        <div className={classes['texts']}>
          <Group gap={10} wrap="wrap">
            <Title order={1} className={classes['title']}>
              {title}
            </Title>
            {badge}
          </Group>
          {description !== undefined && (
            <Text component="div" c="dimmed" mt={4} maw={760} className={classes['description'] ?? ''}>
              {description}
            </Text>
          )}
        </div>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </div>
    </header>
  );
}
