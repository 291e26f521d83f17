import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { policiesQuery } from '../../api/policies.ts';

type Props = { value: string[]; onChange: (names: string[]) => void };

export function PolicyPicker({ value, onChange }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(policiesQuery);
  const names = (type: 'managed' | 'custom') => (data ?? []).filter((one) => one.type === type).map((one) => one.name);
  return (
    <MultiSelect
      label={t('users.policies')}
      description={t('policies.pick-text')}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={value.length === 0 ? t('policies.pick') : ''}
      searchable
      clearable
      hidePickedOptions
      nothingFoundMessage={t('table.nothing-found')}
      data={[
        { group: t('policies.managed'), items: names('managed') },
        { group: t('policies.custom'), items: names('custom') },
      ].filter((group) => group.items.length > 0)}
      value={value}
      onChange={onChange}
    />
  );
}
