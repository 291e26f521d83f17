import { ActionIcon, Button, Group, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { policiesQuery } from '../../api/policies.ts';

export type Mapping = { group: string; policies: string[] };

type Props = { value: Mapping[]; onChange: (mappings: Mapping[]) => void };

/** Who is in a group at the provider has these policies here, set anew at every sign-in. */
export function GroupMappings({ value, onChange }: Props) {
  const { t } = useTranslation();
  const { data: policies = [] } = useQuery(policiesQuery);
  const names = policies.map((policy) => policy.name);
  const change = (index: number, part: Partial<Mapping>) =>
    onChange(value.map((mapping, at) => (at === index ? { ...mapping, ...part } : mapping)));
  return (
    <Stack gap="xs" role="group" aria-label={t('providers.mappings')}>
      <Text size="sm" fw={500}>
        {t('providers.mappings')}
      </Text>
      <Text size="xs" c="dimmed">
        {t('providers.mappings-hint')}
      </Text>
      {value.map((mapping, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- rows have no identity but their place
        <Group key={index} gap="xs" align="flex-start" wrap="nowrap">
          <TextInput
            style={{ flex: '1 1 40%' }}
            aria-label={t('providers.group', { number: index + 1 })}
            placeholder={t('providers.group-placeholder')}
            value={mapping.group}
            onChange={(event) => change(index, { group: event.currentTarget.value })}
          />
          <MultiSelect
            style={{ flex: '1 1 60%' }}
            aria-label={t('providers.group-policies', { number: index + 1 })}
            placeholder={mapping.policies.length === 0 ? t('users.policies') : ''}
            data={names}
            searchable
            value={mapping.policies}
            onChange={(chosen) => change(index, { policies: chosen })}
          />
          <ActionIcon
            size={36}
            aria-label={t('providers.remove-mapping', { number: index + 1 })}
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...value, { group: '', policies: [] }])}
        >
          {t('providers.add-mapping')}
        </Button>
      </div>
    </Stack>
  );
}
