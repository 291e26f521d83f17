// Pictures of whole pages, small enough for a repository: WebP, which Chromium writes itself.
import { writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

const QUALITY = 50;
/** Longer pages are cut: their end shows nothing new. */
const MAX_HEIGHT = 1600;

export async function photograph(page: Page, path: string): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 1440, height: 900 };
  const full = await page.evaluate<number>('document.documentElement.scrollHeight');
  await page.setViewportSize({ width, height: Math.min(MAX_HEIGHT, Math.max(height, full)) });
  // what is as high as the window has to grow with it
  await page.evaluate('new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(() => shown(null))))');
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await session.detach();
  await page.setViewportSize({ width, height });
  await writeFile(path, Buffer.from(data, 'base64'));
}
