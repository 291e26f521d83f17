// A real Chromium that trusts the server's own CA the way a person's browser would: through the NSS store of its home.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';
const run = promisify(execFile);

export type TestBrowser = AsyncDisposable & {
  readonly browser: Browser;
  /** A fresh profile: no cookies, nothing remembered. */
  readonly newContext: (options?: BrowserContextOptions) => Promise<BrowserContext>;
};

async function trustCa(home: string, caFile: string): Promise<void> {
  const store = join(home, '.pki', 'nssdb');
  await mkdir(store, { recursive: true });
  await run('certutil', ['-d', `sql:${store}`, '-N', '--empty-password']);
  await run('certutil', ['-d', `sql:${store}`, '-A', '-t', 'C,,', '-n', 'vstorage', '-i', caFile]);
}

/** Long enough for a machine with much else to do. */
const WAIT_MS = 90_000;

export async function openBrowser(server: {
  readonly consoleUrl: string;
  readonly caFile: string;
}): Promise<TestBrowser> {
  const home = await mkdtemp(join(tmpdir(), 'vstorage-browser-'));
  await trustCa(home, server.caFile);
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ['--no-sandbox'],
    env: { ...definedEnvironment(), HOME: home },
  });
  return {
    browser,
    newContext: async (options) => {
      const context = await browser.newContext({
        baseURL: server.consoleUrl,
        locale: 'en-US',
        timezoneId: 'Asia/Ho_Chi_Minh',
        viewport: { width: 1440, height: 900 },
        permissions: ['clipboard-read', 'clipboard-write'],
        ...options,
      });
      context.setDefaultTimeout(WAIT_MS);
      return context;
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** What went wrong in a page while it was used: uncaught errors and everything the CSP or React complained about. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    // A refused request is reported by the browser as an error, too; refusals are part of the tests.
    const refusal = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
    if (message.type() === 'error' && !refusal) complaints.push(message.text());
  });
  return complaints;
}
