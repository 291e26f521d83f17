import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createFolder, type Place } from '../../api/objects.ts';
import { announceChange } from '../../objects/changes.ts';
import { isUnusual, nameProblem } from '../../objects/names.ts';
import { Modal } from '../dialog.tsx';
import { Notice } from '../notice.tsx';
import { ProblemNotice } from '../problem-notice.tsx';

type Props = { place: Place; prefix: string; onClose: () => void };

/** A folder is an empty object whose name ends with a slash: S3 clients show it as one, too. */
export function NewFolder({ place, prefix, onClose }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const problem = nameProblem(prefix, name);
  const create = useMutation({
    mutationFn: () => createFolder(place, `${prefix}${name}/`),
    onSuccess: () => {
      announceChange(place);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t('objects.new-folder')}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t('objects.folder-name')}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            value={name}
            error={problem === null || problem === 'empty' ? null : t(`objects.name-problem.${problem}`)}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {isUnusual(name) && <Notice tone="warning">{t('objects.unusual')}</Notice>}
          <ProblemNotice error={create.error} />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={problem !== null} loading={create.isPending}>
              {t('objects.create-folder')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
