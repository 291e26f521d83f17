import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev` talks to a running `vstorage serve`; its certificate comes from the local CA, hence `secure: false`.
const server = process.env['VSTORAGE_CONSOLE_URL'] ?? 'https://localhost:9001';

export default defineConfig({
  plugins: [react()],
  // The CSP allows no data: fonts or scripts, so nothing is inlined.
  build: { assetsInlineLimit: 0, target: 'es2023', modulePreload: { polyfill: false } },
  server: { proxy: { '/api': { target: server, secure: false }, '/health': { target: server, secure: false } } },
});
