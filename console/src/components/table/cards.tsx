import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type ListProps, toggled } from './column.ts';
import classes from './table.module.css';

export function Cards<Row>(props: ListProps<Row>) {
  const { label, rows, rowId } = props;
  return (
    <ul className={classes['cards']} aria-label={label}>
      {rows.map((row) => (
        <Card key={rowId(row)} row={row} {...props} />
      ))}
    </ul>
  );
}

function Card<Row>({ row, ...props }: ListProps<Row> & { row: Row }) {
  const { t } = useTranslation();
  const { columns, rowId, rowLabel, actions, selection, selectable } = props;
  const id = rowId(row);
  const title = columns.find((column) => column.title === true) ?? columns[0];
  return (
    <li className={classes['card']}>
      <div className={classes['card-head']}>
        {selection !== undefined && (
          <Checkbox
            aria-label={t('table.select', { name: rowLabel(row) })}
            checked={selection.ids.has(id)}
            disabled={selectable?.(row) === false}
            onChange={() => selection.set(toggled(selection, id))}
          />
        )}
        <div className={classes['card-title']}>{title?.cell(row)}</div>
        {actions?.(row)}
      </div>
      <dl className={classes['facts']}>
        {columns
          .filter((column) => column !== title)
          .map((column) => (
            <div key={column.key}>
              <dt>{column.header}</dt>
              <dd>{column.cell(row)}</dd>
            </div>
          ))}
      </dl>
    </li>
  );
}
