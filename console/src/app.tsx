import { localStorageColorSchemeManager, MantineProvider, MantineThemeProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { queryClient } from './api/query-client.ts';
import { cspNonce } from './csp-nonce.ts';
import { router } from './router.tsx';
import { cssVariables, theme } from './theme.ts';
import classes from './theme.module.css';

const colorScheme = localStorageColorSchemeManager({ key: 'vstorage-color-scheme' });

/** Below the bar at the top, in the middle: there they cover neither a page's buttons nor a dialog's. */
function Notices() {
  const { t } = useTranslation();
  const words = { Notification: { defaultProps: { closeButtonProps: { 'aria-label': t('action.close') } } } };
  return (
    <MantineThemeProvider inherit theme={{ components: words }}>
      <Notifications position="top-center" autoClose={5000} classNames={{ root: classes['notices'] ?? '' }} />
    </MantineThemeProvider>
  );
}

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
      getStyleNonce={cspNonce}
    >
      <QueryClientProvider client={queryClient}>
        <Notices />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
