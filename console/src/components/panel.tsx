import { Group, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useId } from 'react';

type Props = { title: string; text?: string; actions?: ReactNode; children?: ReactNode };

/** A titled block of a page. */
export function Panel({ title, text, actions, children }: Props) {
  const id = useId();
  return (
    <Paper withBorder radius="lg" p={20} component="section" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" gap="sm" mb={children === undefined ? 0 : 'md'}>
        <div style={{ flex: '1 1 220px', minWidth: 0 }}>
          <Title order={2} size="h3" id={id}>
            {title}
          </Title>
          {text !== undefined && (
            <Text size="sm" c="dimmed" mt={2}>
              {text}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </Paper>
  );
}
