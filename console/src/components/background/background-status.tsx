// The bar's sign of life: how many tasks run, wherever in the console one is, and whether a job of the server fails.
import { ActionIcon, Indicator, Popover } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { backgroundQuery } from '../../api/background.ts';
import { isOver } from '../../api/tasks.ts';

const BackgroundList = lazy(async () => ({ default: (await import('./background-list.tsx')).BackgroundList }));

export function BackgroundStatus() {
  const { t } = useTranslation();
  const { data } = useQuery(backgroundQuery);
  const [opened, setOpened] = useState(false);
  const running = data?.tasks.filter(({ task }) => !isOver(task)).length ?? 0;
  const failing = data?.jobs.some(({ state }) => state === 'failing') ?? false;
  const label = failing
    ? t('background.failing')
    : running > 0
      ? t('background.running', { count: running })
      : t('background.title');
  return (
    <Indicator
      inline
      size={16}
      offset={5}
      label={running > 0 ? running : null}
      color={failing ? 'red' : 'jade'}
      disabled={running === 0 && !failing}
      processing={running > 0}
    >
      <Popover opened={opened} onChange={setOpened} position="bottom-end" width={380} radius="lg" trapFocus returnFocus>
        <Popover.Target>
          <ActionIcon size={36} aria-label={label} title={label} onClick={() => setOpened(!opened)}>
            <IconActivity size={18} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown p={0} aria-label={t('background.title')}>
          <Suspense fallback={null}>
            {opened && data !== undefined && <BackgroundList work={data} onClose={() => setOpened(false)} />}
          </Suspense>
        </Popover.Dropdown>
      </Popover>
    </Indicator>
  );
}
