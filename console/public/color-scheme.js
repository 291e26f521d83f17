// Runs before the first paint, so that a dark console never flashes white. A file, because the CSP forbids inline scripts.
(() => {
  let chosen = 'auto';
  try {
    chosen = localStorage.getItem('vstorage-color-scheme') ?? 'auto';
  } catch {
    // storage is blocked: follow the system
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
