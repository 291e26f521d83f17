import { Button, Checkbox, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectView, RetentionView } from '../../../../../src/console-api/contract/objects.ts';
import { type ObjectName, type Place, useSetLegalHold, useSetRetention } from '../../../api/objects.ts';
import { formatDateTime } from '../../../format.ts';
import { ProblemNotice } from '../../problem-notice.tsx';
import { Section } from './section.tsx';

type Props = { place: Place; name: ObjectName; object: ObjectView; lock: NonNullable<ObjectView['lock']> };

export function LockPanel({ place, name, object, lock }: Props) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const hold = useSetLegalHold(place);
  const { retention, legalHold } = lock;
  const mayRetain = object.rights.includes('retain');
  return (
    <Section
      title={t('objects.lock')}
      action={
        mayRetain && !editing ? (
          <Button size="xs" variant="default" onClick={() => setEditing(true)}>
            {t('objects.edit-retention')}
          </Button>
        ) : null
      }
    >
      <Stack gap="sm">
        <Switch
          label={t('objects.legal-hold')}
          description={t('objects.legal-hold-text')}
          checked={legalHold}
          disabled={!object.rights.includes('hold') || hold.isPending}
          onChange={(event) => hold.mutate({ name, body: { on: event.currentTarget.checked } })}
        />
        <ProblemNotice error={hold.error} />
        {editing ? (
          <RetentionForm
            place={place}
            name={name}
            object={object}
            before={retention}
            onDone={() => setEditing(false)}
          />
        ) : (
          <Text size="sm" {...(retention === null ? { c: 'dimmed' } : {})}>
            {retention === null
              ? t('objects.no-retention')
              : t('objects.retained', { mode: retention.mode, time: formatDateTime(retention.until) })}
          </Text>
        )}
      </Stack>
    </Section>
  );
}

type FormProps = Omit<Props, 'lock'> & { before: RetentionView | null; onDone: () => void };

const DAY_MS = 86_400_000;
/** `datetime-local` has no zone: what is shown is the reader's. */
const toLocal = (ms: number): string =>
  new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

function RetentionForm({ place, name, object, before, onDone }: FormProps) {
  const { t } = useTranslation();
  const [mode, setMode] = useState<RetentionView['mode']>(before?.mode ?? 'GOVERNANCE');
  const [until, setUntil] = useState(() =>
    toLocal(before === null ? Date.now() + 30 * DAY_MS : Date.parse(before.until)),
  );
  const [bypass, setBypass] = useState(false);
  const set = useSetRetention(place);
  const save = (retention: RetentionView | null) =>
    set.mutate({ name, body: { retention, bypassGovernance: bypass } }, { onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save({ mode, until: new Date(until).toISOString() });
  };
  const mayBypass = before?.mode === 'GOVERNANCE' && object.rights.includes('bypass');
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Select
          label={t('objects.retention-mode')}
          description={t(mode === 'COMPLIANCE' ? 'objects.compliance-text' : 'objects.governance-text')}
          allowDeselect={false}
          data={['GOVERNANCE', 'COMPLIANCE']}
          value={mode}
          onChange={(value) => setMode(value === 'COMPLIANCE' ? 'COMPLIANCE' : 'GOVERNANCE')}
        />
        <TextInput
          type="datetime-local"
          label={t('objects.retain-until')}
          required
          withAsterisk={false}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        {mayBypass && (
          <Checkbox
            label={t('objects.bypass')}
            checked={bypass}
            onChange={(event) => setBypass(event.currentTarget.checked)}
          />
        )}
        <ProblemNotice error={set.error} />
        <Group justify="flex-end" gap="xs">
          {mayBypass && bypass && (
            <Button size="xs" variant="default" color="red" loading={set.isPending} onClick={() => save(null)}>
              {t('objects.end-retention')}
            </Button>
          )}
          <Button size="xs" variant="default" onClick={onDone}>
            {t('action.cancel')}
          </Button>
          <Button size="xs" type="submit" disabled={until === ''} loading={set.isPending}>
            {t('action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
