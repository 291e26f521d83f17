// One configuration of a bucket: a form and the JSON behind it, two views of the same document.
import { Button, Group, SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { type ComponentType, type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Place, type SettingPath, settingQuery, useSaveSetting } from '../../api/bucket-settings.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { Panel } from '../panel.tsx';
import { PolicyEditor } from '../policies/policy-editor.tsx';
import { ProblemNotice } from '../problem-notice.tsx';
import type { Danger } from './dangers.ts';
import { parseJson, toText } from './json-text.ts';
import classes from './settings.module.css';

export type FormProps<Document> = {
  place: Place;
  value: Document;
  onChange: (document: Document) => void;
};

export type SettingProps<Document> = {
  place: Place;
  path: SettingPath;
  /** absent: there is only the document */
  Form?: ComponentType<FormProps<Document>>;
  /** what is pasted from elsewhere, as a document */
  adopt?: (pasted: object) => object;
  /** what must be asked about before it is saved */
  danger?: (saved: Document, next: Document) => Danger | null;
  /** below the form */
  children?: ReactNode;
};

export function SettingPanel<Document extends object>(props: SettingProps<Document>) {
  const { t } = useTranslation();
  const { place, path } = props;
  const { data, error, refetch } = useQuery(settingQuery<Document>(place, path));
  const title = t(`bucket-settings.${path}.title`);
  if (data === undefined) {
    return (
      <Panel title={title}>
        {error === null ? <Skeleton h={120} /> : <ProblemNotice error={error} onRetry={() => void refetch()} />}
      </Panel>
    );
  }
  return <Editor key={JSON.stringify(data)} {...props} saved={data} />;
}

function Editor<Document extends object>(props: SettingProps<Document> & { saved: Document }) {
  const { place, path, Form, adopt = (pasted) => pasted, danger = () => null, saved, children } = props;
  const { t } = useTranslation();
  const save = useSaveSetting<Document>(place, path);
  const [draft, setDraft] = useState<Document>(saved);
  /** null: the form is shown */
  const [text, setText] = useState<string | null>(Form === undefined ? toText(saved) : null);
  const [touched, setTouched] = useState(false);
  const [asked, setAsked] = useState<Danger | null>(null);
  const parsed = text === null ? null : parseJson(text);
  const problem = touched ? (parsed?.problem ?? null) : null;
  const shown = parsed?.document == null ? draft : (adopt(parsed.document) as Document);
  const changed = JSON.stringify(shown) !== JSON.stringify(saved) || (parsed !== null && parsed.document === null);
  const show = (view: string) => {
    save.reset();
    if (view === 'json') {
      setTouched(false);
      setText(toText(draft));
      return;
    }
    setTouched(true);
    if (parsed?.document == null) return;
    setDraft(shown);
    setText(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (parsed !== null && parsed.document === null) return;
    const question = danger(saved, shown);
    if (question === null) store();
    else setAsked(question);
  };
  const store = () =>
    save.mutate(shown, {
      onSuccess: () => notifications.show({ message: t('bucket-settings.saved') }),
      // what went wrong stands below the form
      onError: () => setAsked(null),
    });
  const views = (
    <SegmentedControl
      size="xs"
      aria-label={t('bucket-settings.view')}
      value={text === null ? 'form' : 'json'}
      onChange={show}
      data={[
        { value: 'form', label: t('bucket-settings.form') },
        { value: 'json', label: 'JSON' },
      ]}
    />
  );
  return (
    <Stack gap="lg">
      <Panel
        title={t(`bucket-settings.${path}.title`)}
        text={t(`bucket-settings.${path}.text`)}
        actions={Form === undefined ? undefined : views}
      >
        <form onSubmit={submit}>
          <Stack>
            {text === null && Form !== undefined && <Form place={place} value={draft} onChange={setDraft} />}
            {text !== null && (
              <PolicyEditor
                label={t('bucket-settings.document')}
                value={text}
                onChange={setText}
                problem={problem}
                hint={t('bucket-settings.json-hint')}
              />
            )}
            <ProblemNotice error={save.error} />
            <Group justify="flex-end" className={classes['foot'] ?? ''}>
              <Button
                variant="default"
                disabled={!changed}
                onClick={() => {
                  save.reset();
                  setDraft(saved);
                  setText(text === null ? null : toText(saved));
                }}
              >
                {t('bucket-settings.discard')}
              </Button>
              <Button type="submit" disabled={!changed} loading={save.isPending}>
                {t('action.save')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Panel>
      {children}
      {asked !== null && (
        <ConfirmDialog
          title={t(`bucket-settings.ask.${asked}.title`)}
          action={t(`bucket-settings.ask.${asked}.action`)}
          error={null}
          pending={save.isPending}
          onConfirm={store}
          onClose={() => setAsked(null)}
        >
          {t(`bucket-settings.ask.${asked}.text`)}
        </ConfirmDialog>
      )}
    </Stack>
  );
}
