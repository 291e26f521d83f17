// Mantine's Modal and Drawer with a close button that has a name in the reader's language. When one closes, the focus
// goes back to where it was.
import { Drawer as PlainDrawer, type DrawerProps, Modal as PlainModal, type ModalProps } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { keepFocus } from '../focus-memory.ts';

const useFocusBack = (opened: boolean): void => useEffect(() => (opened ? keepFocus() : undefined), [opened]);

export function Modal(props: ModalProps) {
  const { t } = useTranslation();
  useFocusBack(props.opened);
  return <PlainModal closeButtonProps={{ 'aria-label': t('action.close') }} {...props} />;
}

export function Drawer(props: DrawerProps) {
  const { t } = useTranslation();
  useFocusBack(props.opened);
  return <PlainDrawer closeButtonProps={{ 'aria-label': t('action.close') }} {...props} />;
}
