// The console by somebody who has no pointer: Tab until the control with this name has the focus.
import type { Page } from 'playwright-core';

const MOST = 150;

/** What a screen reader would say has the focus. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (!(at instanceof HTMLElement) || at === document.body) return '';
    const labels = at instanceof HTMLInputElement ? [...(at.labels ?? [])].map((label) => label.textContent) : [];
    return (at.ariaLabel ?? (labels.join(' ') || at.textContent)).trim();
  });
}

/** Where it is already it stays. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < MOST; presses++) {
    const now = await focusedName(page);
    if (name.test(now)) return;
    passed.push(now);
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${String(name)}, but to: ${[...new Set(passed)].join(' | ')}`);
}

/** In a menu that is open. */
export async function moveTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 20; presses++) {
    if (name.test(await focusedName(page))) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`the arrows never came to ${String(name)}`);
}
