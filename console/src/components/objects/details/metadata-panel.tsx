import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ObjectView } from '../../../../../src/console-api/contract/objects.ts';
import type { ObjectName, Place } from '../../../api/objects.ts';
import { Facts } from '../../facts.tsx';
import { MetadataForm } from './metadata-form.tsx';
import { Section } from './section.tsx';
import { systemFields } from './system-fields.ts';

type Props = { place: Place; name: ObjectName; object: ObjectView };

export function MetadataPanel({ place, name, object }: Props) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const mayEdit =
    name.versionId === undefined && object.rights.includes('upload') && object.encryption?.type !== 'SSE-C';
  const system = systemFields.flatMap(({ field, header }) => {
    const value = object.system[field];
    return value === undefined ? [] : [{ label: header, value }];
  });
  const user = Object.entries(object.metadata).map(([key, value]) => ({ label: `x-amz-meta-${key}`, value }));
  const facts = [...system, ...user];
  return (
    <Section
      title={t('objects.metadata')}
      action={
        mayEdit && !editing ? (
          <Button size="xs" variant="default" onClick={() => setEditing(true)}>
            {t('objects.edit-metadata')}
          </Button>
        ) : null
      }
    >
      {editing ? (
        <MetadataForm place={place} object={object} onDone={() => setEditing(false)} />
      ) : facts.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('objects.no-metadata')}
        </Text>
      ) : (
        <Facts facts={facts} />
      )}
    </Section>
  );
}
