import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { jsonSchema, type OpenApi, type Operation } from '../../api-docs/document.ts';
import { curlExample } from '../../api-docs/example.ts';
import { typeOf } from '../../api-docs/fields.ts';
import { CodeBlock } from '../code-block.tsx';
import classes from './api-docs.module.css';
import { SchemaFields } from './schema-fields.tsx';

type Props = { document: OpenApi; operation: Operation };

export function OperationDetails({ document, operation }: Props) {
  const { t } = useTranslation();
  const { parameters = [], requestBody, responses = {}, description } = operation;
  const body = jsonSchema(requestBody?.content);
  const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  return (
    <div className={classes['details']}>
      {description !== undefined && (
        <Text size="sm" lang="en">
          {description}
        </Text>
      )}
      {parameters.length > 0 && (
        <Part title={t('api-docs.parameters')}>
          <ul className={classes['fields']}>
            {parameters.map(({ name, required = false, schema = {}, description: text = '', in: place }) => (
              <li key={`${place} ${name}`}>
                <div className={classes['row']}>
                  <code className={classes['field']}>{name}</code>
                  {!required && <span className={classes['optional']}>{t('action.optional')}</span>}
                  <span className={classes['type']}>
                    {typeOf(schema)} · {place}
                  </span>
                </div>
                {text !== '' && (
                  <Text size="sm" c="dimmed" lang="en">
                    {text}
                  </Text>
                )}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {body !== null && (
        <Part title={t('api-docs.body')}>
          <SchemaFields document={document} schema={body} />
        </Part>
      )}
      {answers.map(([status, { content }]) => {
        const schema = jsonSchema(content);
        return (
          <Part key={status} title={t('api-docs.answer', { status })}>
            {schema === null ? (
              <Text size="sm" c="dimmed">
                {content === undefined ? t('api-docs.nothing') : Object.keys(content).join(', ')}
              </Text>
            ) : (
              <SchemaFields document={document} schema={schema} />
            )}
          </Part>
        );
      })}
      <CodeBlock title="curl" text={curlExample(operation, location.origin)} />
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h4 className={classes['part']}>{title}</h4>
      {children}
    </section>
  );
}
