import { notifications } from '@mantine/notifications';
import type { DeleteManyResult } from '../../src/console-api/contract.ts';

/** Says how many are gone, and of the others why they are not. */
export function showDeleted({ results }: DeleteManyResult, message: (count: number) => string): void {
  const gone = results.filter(({ deleted }) => deleted).length;
  if (gone > 0) notifications.show({ message: message(gone) });
  for (const result of results) {
    if (!result.deleted) notifications.show({ color: 'red', message: result.detail, autoClose: 8000 });
  }
}
