import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconFilter, IconFilterOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AuditFilter, auditFacetsQuery, spans } from '../../api/audit.ts';
import classes from './audit.module.css';

type Props = { filter: AuditFilter; onChange: (filter: AuditFilter) => void };
type TextName = 'who' | 'resource' | 'address' | 'requestId';

const texts: readonly TextName[] = ['who', 'resource', 'address', 'requestId'];
const TYPING_MS = 350;

/** What is filtered by stands in the page's address, so that a view can be sent to somebody. */
export function AuditFilters(props: Props) {
  const { t } = useTranslation();
  const [open, { toggle }] = useDisclosure();
  const phone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const count = Object.keys(props.filter).length;
  if (!phone) return <Fields {...props} />;
  return (
    <div>
      <Button variant="default" leftSection={<IconFilter size={16} />} aria-expanded={open} onClick={toggle}>
        {count === 0 ? t('audit.filters') : t('audit.filters-set', { count })}
      </Button>
      {open && (
        <div className={classes['folded']}>
          <Fields {...props} />
        </div>
      )}
    </div>
  );
}

function Fields({ filter, onChange }: Props) {
  const { t } = useTranslation();
  const facets = useQuery(auditFacetsQuery);
  const set = (name: keyof AuditFilter, value: string | null) => {
    const { [name]: _, ...others } = filter;
    onChange(value === null || value === '' ? others : { ...others, [name]: value });
  };
  const operations = (facets.data?.operation ?? []).map(({ value }) => value);
  const known = filter.operation === undefined ? operations : [...new Set([...operations, filter.operation])];
  return (
    <search className={classes['filters']} aria-label={t('audit.filters')}>
      <Select
        label={t('audit.time')}
        data={spans.map((value) => ({ value, label: t(`audit.span.${value as '1h'}`) }))}
        placeholder={t('audit.any-time')}
        value={filter.last ?? null}
        onChange={(value) => set('last', value)}
        clearable
      />
      <Select
        label={t('audit.outcome')}
        data={(['success', 'denied', 'failed'] as const).map((value) => ({
          value,
          label: t(`audit.outcomes.${value}`),
        }))}
        placeholder={t('audit.any')}
        value={filter.outcome ?? null}
        onChange={(value) => set('outcome', value)}
        clearable
      />
      <Select
        label={t('audit.operation')}
        data={known}
        placeholder={t('audit.any')}
        value={filter.operation ?? null}
        onChange={(value) => set('operation', value)}
        searchable
        clearable
      />
      <Select
        label={t('audit.channel')}
        data={(['console', 'api', 's3', 'iam', 'cli', 'job'] as const).map((value) => ({
          value,
          label: t(`audit.channels.${value}`),
        }))}
        placeholder={t('audit.any')}
        value={filter.channel ?? null}
        onChange={(value) => set('channel', value)}
        clearable
      />
      <Select
        label={t('audit.access')}
        data={(['read', 'all'] as const).map((value) => ({ value, label: t(`audit.accesses.${value}`) }))}
        placeholder={t('audit.accesses.write')}
        value={filter.access ?? null}
        onChange={(value) => set('access', value)}
        clearable
      />
      {texts.map((name) => (
        <TypedFilter
          key={`${name} ${filter[name] === undefined}`}
          label={t(`audit.${name}`)}
          hint={t(`audit.${name}-hint`)}
          initial={filter[name] ?? ''}
          onTyped={(value) => set(name, value)}
        />
      ))}
      {Object.keys(filter).length > 0 && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconFilterOff size={16} />}
          className={classes['clear'] ?? ''}
          onClick={() => onChange({})}
        >
          {t('audit.clear')}
        </Button>
      )}
    </search>
  );
}

type TypedProps = { label: string; hint: string; initial: string; onTyped: (value: string) => void };

/** Asks the server when the typing pauses. */
function TypedFilter({ label, hint, initial, onTyped }: TypedProps) {
  const [text, setText] = useState(initial);
  const report = useDebouncedCallback(onTyped, TYPING_MS);
  return (
    <TextInput
      label={label}
      placeholder={hint}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        report(event.currentTarget.value.trim());
      }}
    />
  );
}
