import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.ts';
import { isMac } from '../../platform.ts';
import { Modal } from '../dialog.tsx';
import { placesFor } from '../shell/places.ts';
import classes from './palette.module.css';
import { jumps } from './shortcuts.ts';

type Row = { readonly label: string; readonly keys: readonly string[] };

export function ShortcutsHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const places = placesFor(useSession().allowedActions);
  const everywhere: Row[] = [
    { label: t('palette.title'), keys: [isMac() ? '⌘' : 'Ctrl', 'K'] },
    { label: t('shortcuts.search'), keys: ['/'] },
    { label: t('shortcuts.undo'), keys: [isMac() ? '⌘' : 'Ctrl', 'Z'] },
    { label: t('shortcuts.title'), keys: ['?'] },
    { label: t('shortcuts.close'), keys: ['Esc'] },
  ];
  const pages = Object.entries(jumps).flatMap(([key, to]): Row[] => {
    const place = places.find((one) => one.to === to);
    return place === undefined ? [] : [{ label: t(place.label), keys: ['G', key.toUpperCase()] }];
  });
  const objects: Row[] = [
    { label: t('shortcuts.move'), keys: ['↑', '↓'] },
    { label: t('shortcuts.open'), keys: ['Enter'] },
    { label: t('shortcuts.select'), keys: ['Space'] },
  ];
  return (
    <Modal opened onClose={onClose} size={640} title={t('shortcuts.title')}>
      <div className={classes['shortcuts']}>
        <Rows title={t('shortcuts.everywhere')} rows={everywhere} />
        <Rows title={t('shortcuts.pages')} rows={pages} />
        <Rows title={t('shortcuts.objects')} rows={objects} />
      </div>
    </Modal>
  );
}

function Rows({ title, rows }: { title: string; rows: readonly Row[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {rows.map(({ label, keys }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {keys.map((key) => (
                <Fragment key={key}>
                  <kbd className={classes['kbd']}>{key}</kbd>
                </Fragment>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
