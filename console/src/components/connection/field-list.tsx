import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ClientSetup } from '../../../../src/console-api/contract.ts';
import { CopyButton } from '../copy-button.tsx';
import classes from './connection.module.css';

/** What to enter, with the program's own wording on the left. S3 Browser's steps are told around it, in order. */
export function FieldList({ setup }: { setup: ClientSetup }) {
  const { t } = useTranslation();
  const table = (
    <Table className={classes['fields'] ?? ''} aria-label={t('steps.fields')}>
      <Table.Tbody>
        {setup.fields.map(({ label, value }) => (
          <Table.Tr key={label}>
            <Table.Th scope="row">{label}</Table.Th>
            <Table.Td className="mono">{value}</Table.Td>
            <Table.Td w={44}>
              <CopyButton value={value} label={t('connection.copy-field', { field: label })} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
  if (setup.id !== 's3-browser') return table;
  return (
    <ol className={classes['moves']}>
      <li>{t('steps.s3-browser.open')}</li>
      <li>
        {t('steps.s3-browser.enter')}
        {table}
      </li>
      <li>{t('steps.s3-browser.secure')}</li>
      <li>{t('steps.s3-browser.add')}</li>
    </ol>
  );
}
