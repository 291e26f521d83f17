import './styles/fonts.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './styles/tokens.css';
import './styles/global.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { shareNonce } from './csp-nonce.ts';
import { rememberFocus } from './focus-memory.ts';
import { startI18n } from './i18n.ts';

shareNonce();
rememberFocus();
await startI18n();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
