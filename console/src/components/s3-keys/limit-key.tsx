// "Limit this key": closed until somebody wants it. What is left empty does not limit.
import { Button, Checkbox, Group, SimpleGrid, Stack, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bucketsQuery } from '../../api/buckets.ts';
import { type KeyLimit, keyVerbs, restrictionOf } from '../../key-limit.ts';
import { LimitHours } from './limit-hours.tsx';

type Props = { projectId: string; value: KeyLimit; onChange: (value: KeyLimit) => void };

export function LimitKey({ projectId, value, onChange }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(restrictionOf(value) !== null);
  const id = useId();
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        ml={-8}
        aria-expanded={open}
        aria-controls={id}
        leftSection={open ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}
        onClick={() => setOpen(!open)}
      >
        {t('limit.title')}
      </Button>
      <div id={id} role="group" aria-label={t('limit.title')} hidden={!open}>
        {open && <Fields projectId={projectId} value={value} onChange={onChange} />}
      </div>
    </div>
  );
}

function Fields({ projectId, value, onChange }: Props) {
  const { t } = useTranslation();
  const set = (part: Partial<KeyLimit>) => onChange({ ...value, ...part });
  return (
    <Stack gap="sm" mt="xs">
      <Text size="sm" c="dimmed">
        {t('limit.text')}
      </Text>
      <Buckets projectId={projectId} value={value} onChange={onChange} />
      <Checkbox.Group
        label={t('limit.allow')}
        value={[...value.allow]}
        onChange={(chosen) => set({ allow: keyVerbs.filter((verb) => chosen.includes(verb)) })}
      >
        <Group gap="md" mt={6}>
          {keyVerbs.map((verb) => (
            <Checkbox key={verb} value={verb} label={t(`limit.${verb}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <TagsInput
        label={t('limit.networks')}
        description={t('limit.networks-text')}
        value={[...value.networks]}
        onChange={(networks) => set({ networks })}
        acceptValueOnBlur
      />
      <LimitHours value={value} onChange={onChange} />
      <Textarea
        label={t('limit.policy')}
        description={t('limit.policy-text')}
        classNames={{ input: 'mono' }}
        autosize
        minRows={2}
        maxRows={10}
        spellCheck={false}
        value={value.policy}
        onChange={(event) => set({ policy: event.currentTarget.value })}
      />
    </Stack>
  );
}

function Buckets({ projectId, value, onChange }: Props) {
  const { t } = useTranslation();
  const buckets = useQuery(bucketsQuery(projectId));
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <TagsInput
        label={t('limit.buckets')}
        description={t('limit.buckets-text')}
        data={buckets.data?.map(({ name }) => name) ?? []}
        value={[...value.buckets]}
        onChange={(names) => onChange({ ...value, buckets: names, prefix: names.length === 0 ? '' : value.prefix })}
        acceptValueOnBlur
      />
      <TextInput
        label={t('limit.prefix')}
        description={t('limit.prefix-text')}
        disabled={value.buckets.length === 0}
        value={value.prefix}
        onChange={(event) => onChange({ ...value, prefix: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}
