// Keeps what the listeners present up to date: files that change, a local certificate that nears its end.
import type { ServeConfig } from '../../config/config.ts';
import type { Log } from '../../observe/log.ts';
import type { Clock } from '../../shared/clock.ts';
import type { TlsMaterial } from './material.ts';
import { loadTlsMaterial } from './material.ts';

const CHECK_EVERY_MS = 60_000;

export type TlsWatch = Disposable & { readonly current: () => TlsMaterial | null };

export type TlsWatchDeps = {
  readonly onChange: (tls: TlsMaterial) => void;
  readonly log: Log;
  readonly clock: Clock;
};

export function watchTls(config: ServeConfig, first: TlsMaterial | null, deps: TlsWatchDeps): TlsWatch {
  let current = first;
  const check = async (): Promise<void> => {
    if (!current) return;
    const loaded = await loadTlsMaterial(config, current.ticketKeys, deps.clock);
    if (!loaded || loaded.certPem === current.certPem) return;
    current = loaded;
    deps.onChange(loaded);
    deps.log.info('a new TLS certificate is in use');
  };
  const timer = setInterval(() => {
    check().catch((error: unknown) => {
      // A pair that is being replaced does not fit for a moment: the old one stays until the new one is whole.
      deps.log.warn({ err: error }, 'the TLS certificate could not be read again');
    });
  }, CHECK_EVERY_MS);
  timer.unref();
  return { current: () => current, [Symbol.dispose]: () => clearInterval(timer) };
}
