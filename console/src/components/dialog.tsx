// Mantine's Modal and Drawer with a close button that has a name in the reader's language.
import { Drawer as PlainDrawer, type DrawerProps, Modal as PlainModal, type ModalProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export function Modal(props: ModalProps) {
  const { t } = useTranslation();
  return <PlainModal closeButtonProps={{ 'aria-label': t('action.close') }} {...props} />;
}

export function Drawer(props: DrawerProps) {
  const { t } = useTranslation();
  return <PlainDrawer closeButtonProps={{ 'aria-label': t('action.close') }} {...props} />;
}
