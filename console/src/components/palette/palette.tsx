// Everything in the console by its name: Ctrl K, a few letters, Enter. A combobox as WAI-ARIA describes it: the cursor stays
// in the field, the arrows move through the list.
import { Modal } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './palette.module.css';
import { rank } from './rank.ts';
import { type PaletteItem, usePaletteItems } from './use-palette-items.tsx';

type Props = { opened: boolean; onClose: () => void; onHelp: () => void };

export function Palette({ opened, onClose, onHelp }: Props) {
  const { t } = useTranslation();
  // Opened after it stands: only then does it know where the focus was, and gives it back.
  const [stands, setStands] = useState(false);
  // oxlint-disable-next-line react/set-state-in-effect -- a second drawing is what is wanted
  useEffect(() => setStands(true), []);
  return (
    <Modal
      opened={opened && stands}
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      yOffset="12vh"
      size={620}
      padding={0}
      aria-label={t('palette.title')}
      transitionProps={{ duration: 120 }}
    >
      <Search onClose={onClose} onHelp={onHelp} />
    </Modal>
  );
}

function Search({ onClose, onHelp }: Omit<Props, 'opened'>) {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const groups = rank(usePaletteItems(typed, onHelp), typed);
  const items = groups.flatMap((group) => group.items);
  const current = Math.min(at, Math.max(0, items.length - 1));
  const optionId = (item: PaletteItem): string => `${id}-${items.indexOf(item)}`;
  const choose = (item: PaletteItem | undefined) => {
    if (item === undefined) return;
    onClose();
    item.run();
  };
  const move = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (step === undefined) choose(items[current]);
    else if (items.length > 0) setAt((current + step + items.length) % items.length);
  };
  const active = items[current];
  return (
    <div>
      <div className={classes['search']}>
        <IconSearch size={18} aria-hidden="true" />
        <input
          className={classes['input']}
          data-autofocus
          role="combobox"
          aria-expanded={items.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={active === undefined ? undefined : optionId(active)}
          aria-label={t('palette.title')}
          placeholder={t('palette.placeholder')}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={move}
        />
        <kbd className={classes['kbd']}>Esc</kbd>
      </div>
      <div className={classes['list']} role="listbox" id={`${id}-list`} aria-label={t('palette.title')}>
        {groups.map(({ group, items: found }) => (
          <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
            <div className={classes['group']} id={`${id}-${group}`} role="presentation">
              {t(`palette.groups.${found[0]?.group ?? 'places'}`)}
            </div>
            {found.map((item) => (
              <Option
                key={item.id}
                id={optionId(item)}
                item={item}
                active={item === active}
                onChoose={() => choose(item)}
                onPoint={() => setAt(items.indexOf(item))}
              />
            ))}
          </div>
        ))}
      </div>
      <p className={classes['none']} role="status" data-empty={items.length > 0 || undefined}>
        {items.length === 0 && t('palette.nothing', { typed })}
      </p>
      <footer className={classes['foot']} aria-hidden="true">
        <span>
          <kbd className={classes['kbd']}>↑</kbd> <kbd className={classes['kbd']}>↓</kbd> {t('palette.move')}
        </span>
        <span>
          <kbd className={classes['kbd']}>↵</kbd> {t('palette.open')}
        </span>
      </footer>
    </div>
  );
}

type OptionProps = { id: string; item: PaletteItem; active: boolean; onChoose: () => void; onPoint: () => void };

function Option({ id, item: { label, hint, Icon }, active, onChoose, onPoint }: OptionProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    // the field has the focus and the keys; the pointer is an addition
    <div
      ref={element}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      className={classes['option']}
      onMouseDown={(event) => event.preventDefault()}
      onMouseMove={active ? undefined : onPoint}
      onClick={onChoose}
    >
      <Icon size={18} />
      <span className={classes['label']}>{label}</span>
      {hint !== undefined && <span className={classes['hint']}>{hint}</span>}
    </div>
  );
}
