import { MantineThemeProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import classes from '../theme.module.css';

/** Below the bar at the top, in the middle: there they cover neither a page's buttons nor a dialog's. */
export function Notices() {
  const { t } = useTranslation();
  const words = { Notification: { defaultProps: { closeButtonProps: { 'aria-label': t('action.close') } } } };
  return (
    <MantineThemeProvider inherit theme={{ components: words }}>
      <Notifications position="top-center" autoClose={5000} classNames={{ root: classes['notices'] ?? '' }} />
    </MantineThemeProvider>
  );
}
