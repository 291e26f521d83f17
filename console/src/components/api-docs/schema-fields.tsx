import { Text, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpenApi, Schema } from '../../api-docs/document.ts';
import { type Field, shapesOf } from '../../api-docs/fields.ts';
import classes from './api-docs.module.css';

type Props = { document: OpenApi; schema: Schema };

/** What a body is made of; what is inside a field is shown when it is asked for. */
export function SchemaFields({ document, schema }: Props) {
  const { t } = useTranslation();
  const shapes = shapesOf(document, schema);
  return shapes.map((fields, index) => (
    <Fragment key={fields.map(({ name, type }) => `${name} ${type}`).join()}>
      {index > 0 && (
        <Text size="xs" c="dimmed" my={6}>
          {t('api-docs.or')}
        </Text>
      )}
      <ul className={classes['fields']}>
        {fields.map((field) => (
          <FieldRow key={field.name} document={document} field={field} />
        ))}
      </ul>
    </Fragment>
  ));
}

function FieldRow({ document, field }: { document: OpenApi; field: Field }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { name, type, required, description, inner } = field;
  const head = (
    <>
      <code className={classes['field']}>{name}</code>
      {!required && <span className={classes['optional']}>{t('action.optional')}</span>}
      <span className={classes['type']}>{type}</span>
    </>
  );
  return (
    <li>
      {inner === null ? (
        <div className={classes['row']}>{head}</div>
      ) : (
        <UnstyledButton className={classes['row'] ?? ''} aria-expanded={open} onClick={() => setOpen(!open)}>
          {head}
          <IconChevronRight size={14} className={classes['chevron'] ?? ''} aria-hidden="true" />
        </UnstyledButton>
      )}
      {description !== '' && (
        <Text size="sm" c="dimmed" lang="en">
          {description}
        </Text>
      )}
      {open && inner !== null && <SchemaFields document={document} schema={inner} />}
    </li>
  );
}
