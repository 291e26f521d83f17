import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import classes from '../components/palette/command-keys.module.css';
import { isMac } from '../platform.ts';
import { offerUndo } from '../undo-offer.ts';
import { useProblem } from './use-problem.ts';

/** Long enough to read it and to think twice. */
const OFFERED_MS = 12_000;

/** Says what was done, and offers to take it back. */
export function useUndo() {
  const { t } = useTranslation();
  const problem = useProblem();
  return (message: string, undo: () => Promise<unknown>): void => {
    const id = `undo-${crypto.randomUUID()}`;
    const takeBack = () => {
      withdraw();
      notifications.hide(id);
      undo().then(() => notifications.show({ message: t('undo.undone') }), problem.notify);
    };
    const withdraw = offerUndo(takeBack);
    notifications.show({
      id,
      autoClose: OFFERED_MS,
      onClose: withdraw,
      message: (
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <Text size="sm">{message}</Text>
          <Button size="compact-sm" variant="light" onClick={takeBack} style={{ flex: 'none' }}>
            {t('undo.action')}
            <kbd className={classes['kbd']} aria-hidden="true">
              {isMac() ? '⌘ Z' : 'Ctrl Z'}
            </kbd>
          </Button>
        </Group>
      ),
    });
  };
}
