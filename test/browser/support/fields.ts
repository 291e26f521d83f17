// Mantine's fields with suggestions are text boxes while they are closed, and comboboxes while they are open.
import type { Locator } from 'playwright-core';

type Place = Pick<Locator, 'getByRole'>;

export const field = (within: Place, name: string): Locator =>
  within
    .getByRole('textbox', { name, exact: true })
    .or(within.getByRole('combobox', { name, exact: true }))
    .first();

export const panel = (within: Place, name: string): Locator => within.getByRole('region', { name, exact: true });
