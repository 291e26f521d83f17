import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '../../api/objects.ts';
import { useCreateTask } from '../../api/tasks.ts';
import type { Entry } from '../../objects/listing.ts';
import { endingOf, folderOf, isUnusual, nameOf, nameProblem } from '../../objects/names.ts';
import { keyOf } from '../../objects/rows.ts';
import { Modal } from '../dialog.tsx';
import { Notice } from '../notice.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

type Props = { place: Place; entry: Entry; onClose: () => void };

export function RenameEntry({ place, entry, onClose }: Props) {
  const { t } = useTranslation();
  const key = keyOf(entry);
  const folder = folderOf(key);
  const isFolder = entry.kind === 'prefix';
  const before = nameOf(key);
  const [name, setName] = useState(before);
  const create = useCreateTask(place.projectId);
  const problem = nameProblem(folder, name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const to = folder + name;
    const item = isFolder ? { prefix: key, to: `${to}/` } : { key, to };
    create.mutate(
      { kind: 'move', bucket: place.bucket, toBucket: place.bucket, items: [item] },
      {
        onSuccess: () => {
          notifications.show({ message: t('objects.renaming', { name: before, to: name }) });
          onClose();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={t('objects.rename-title', { name: before })}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t('objects.new-name')}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            value={name}
            error={problem === null || problem === 'empty' ? null : t(`objects.name-problem.${problem}`)}
            onChange={(event) => setName(event.currentTarget.value)}
            onFocus={({ currentTarget }) => {
              // the ending is seldom what one wants to change
              const ending = isFolder ? 0 : endingOf(before).length;
              currentTarget.setSelectionRange(0, before.length - (ending === 0 ? 0 : ending + 1));
            }}
          />
          <Text size="sm" c="dimmed">
            {t(isFolder ? 'objects.rename-folder-text' : 'objects.rename-text')}
          </Text>
          {!isFolder && endingOf(name) !== endingOf(before) && name !== '' && (
            <Notice tone="warning">{t('objects.ending-changes')}</Notice>
          )}
          {isUnusual(name) && <Notice tone="warning">{t('objects.unusual')}</Notice>}
          <ProblemNotice error={create.error} />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={problem !== null || name === before} loading={create.isPending}>
              {t('objects.rename')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
