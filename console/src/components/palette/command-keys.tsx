// The keys of every page, and the button for those who do not know them. What they open is loaded when it is opened.
import { UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isMac } from '../../platform.ts';
import { undoLast } from '../../undo-offer.ts';
import classes from './command-keys.module.css';
import { meaningOf } from './shortcuts.ts';

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));
const ShortcutsHelp = lazy(async () => ({ default: (await import('./shortcuts-help.tsx')).ShortcutsHelp }));

const SECOND_KEY_MS = 1200;

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

function focusSearch(): boolean {
  const glass = document.querySelector('#main .tabler-icon-search');
  const field = glass?.closest('[class*="Input-wrapper"]')?.querySelector('input');
  field?.focus();
  return field !== null && field !== undefined;
}

export function CommandKeys() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  // once opened it stays, closed, so that it can close with its transition
  const [wasOpened, setWasOpened] = useState(false);
  const afterG = useRef(Number.NEGATIVE_INFINITY);
  const show = () => {
    setWasOpened(true);
    setOpen('palette');
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    const isDialogOpen = document.querySelector('[role=dialog][aria-modal=true]') !== null;
    const pressed = { key, mod: isMac() ? metaKey : ctrlKey, alt: altKey, typing: isField(target) };
    const meaning = meaningOf(pressed, event.timeStamp - afterG.current < SECOND_KEY_MS);
    afterG.current = meaning?.kind === 'waits' ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (meaning === null || meaning.kind === 'waits') return;
    // A dialog keeps what was begun in it; only the palette's own key closes the palette.
    if (isDialogOpen && !(meaning.kind === 'palette' && open === 'palette')) return;
    if (meaning.kind === 'search' && !focusSearch()) return;
    if (meaning.kind === 'undo' && !undoLast()) return;
    event.preventDefault();
    if (meaning.kind === 'go') void navigate({ to: meaning.to });
    if (meaning.kind === 'help') setOpen('help');
    if (meaning.kind === 'palette' && open !== 'palette') show();
    else if (meaning.kind === 'palette') setOpen(null);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
  return (
    <>
      <UnstyledButton className={classes['button'] ?? ''} title={t('palette.title')} onClick={show}>
        <IconSearch size={16} aria-hidden="true" />
        <span className={classes['text']}>{t('palette.button')}</span>
        <kbd className={classes['kbd']} aria-hidden="true">
          {isMac() ? '⌘ K' : 'Ctrl K'}
        </kbd>
      </UnstyledButton>
      <Suspense fallback={null}>
        {wasOpened && (
          <Palette opened={open === 'palette'} onClose={() => setOpen(null)} onHelp={() => setOpen('help')} />
        )}
        {open === 'help' && <ShortcutsHelp onClose={() => setOpen(null)} />}
      </Suspense>
    </>
  );
}
