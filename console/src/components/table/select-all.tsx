import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ListProps, Selection } from './column.ts';

/** Selects or clears what the page of the table shows; rows on other pages keep their state. */
export function SelectAll<Row>({ rows, rowId, selection, selectable }: ListProps<Row> & { selection: Selection }) {
  const { t } = useTranslation();
  const ids = rows.filter((row) => selectable?.(row) !== false).map(rowId);
  const chosen = ids.filter((id) => selection.ids.has(id));
  const all = ids.length > 0 && chosen.length === ids.length;
  const toggle = () => {
    const next = new Set(selection.ids);
    for (const id of ids) {
      if (all) next.delete(id);
      else next.add(id);
    }
    selection.set(next);
  };
  return (
    <Checkbox
      aria-label={t('table.select-all')}
      checked={all}
      indeterminate={chosen.length > 0 && !all}
      disabled={ids.length === 0}
      onChange={toggle}
    />
  );
}
