import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// `npm run dev` talks to a running `vstorage serve`; its certificate comes from the local CA, hence `secure: false`.
const server = process.env['VSTORAGE_CONSOLE_URL'] ?? 'https://localhost:9001';

/** Compressed copies beside the hashed files: the server sends them as they are, and compresses nothing itself. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      const assets = join(dir, 'assets');
      for (const file of readdirSync(assets).filter((name) => /\.(js|css|svg)$/.test(name))) {
        const content = readFileSync(join(assets, file));
        writeFileSync(join(assets, `${file}.gz`), gzipSync(content, { level: 9 }));
        const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        writeFileSync(join(assets, `${file}.br`), brotliCompressSync(content, { params }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), precompress()],
  // The CSP allows no data: fonts or scripts, so nothing is inlined.
  build: {
    assetsInlineLimit: 0,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // Two large chunks that change with their packages only, instead of dozens of small ones; pages stay apart. What
    // fewer than some twenty of them need is no part of the first load.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'framework',
              test: /node_modules[\\/](react|react-dom|scheduler|@tanstack[\\/](?!react-virtual|virtual-core)[a-z-]+|i18next|react-i18next)[\\/]/,
            },
            { name: 'shared', test: /[\\/]console[\\/]src[\\/](api|components|hooks)/, minShareCount: 20 },
            { name: 'interface', test: /node_modules/, minShareCount: 24 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: server, secure: false }, '/health': { target: server, secure: false } } },
});
