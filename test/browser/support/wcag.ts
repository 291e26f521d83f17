// Runs inside a page: texts without enough contrast (1.4.3) and controls without a name (4.1.2).

/** Self-contained: the browser gets this function's source. */
export function findFaults(): string[] {
  type Rgba = [number, number, number, number];
  const parse = (color: string): Rgba => {
    const [r = 0, g = 0, b = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
    // color(srgb …), which color-mix computes to, counts from 0 to 1.
    return color.startsWith('color(') ? [r * 255, g * 255, b * 255, alpha] : [r, g, b, alpha];
  };
  const over = (top: Rgba, below: Rgba): Rgba => {
    const mix = (a: number, b: number): number => a * top[3] + b * (1 - top[3]);
    return [mix(top[0], below[0]), mix(top[1], below[1]), mix(top[2], below[2]), 1];
  };
  const luminance = (color: Rgba): number => {
    const linear = (value: number): number => (value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
  };
  const ratio = (a: Rgba, b: Rgba): number => {
    const [low = 0, high = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element: Element): Rgba => {
    const layers: Rgba[] = [];
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      layers.push(parse(getComputedStyle(at).backgroundColor));
      if (layers.at(-1)?.[3] === 1) break;
    }
    return layers.reduceRight<Rgba>((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const faults = new Set<string>();
  const examine = (element: Element, text: string, color: string): void => {
    const { fontSize, fontWeight, visibility } = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    // Disabled controls are exempt; the brand panel's text stands on a gradient, which has no single colour.
    if (visibility === 'hidden' || width < 2 || height < 2 || element.closest('[disabled], [data-disabled], aside'))
      return;
    const size = Number.parseFloat(fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700) ? 3 : 4.5;
    const background = behind(element);
    const found = ratio(over(parse(color), background), background);
    if (found < needed) faults.add(`contrast ${found.toFixed(2)}: ${text.slice(0, 40)}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent?.trim() ?? '';
    const element = walker.currentNode.parentElement;
    if (text !== '' && element !== null) examine(element, text, getComputedStyle(element).color);
  }
  for (const input of document.querySelectorAll<HTMLInputElement>('input, textarea')) {
    if (input.placeholder !== '') examine(input, input.placeholder, getComputedStyle(input, '::placeholder').color);
  }
  for (const control of document.querySelectorAll<HTMLElement>('button, a, input, select, textarea')) {
    const reachable =
      control.offsetParent !== null && control.tabIndex >= 0 && !control.closest('[aria-hidden="true"]');
    const labels = control instanceof HTMLInputElement ? (control.labels?.length ?? 0) : 0;
    const labelled = control.ariaLabel ?? control.getAttribute('aria-labelledby') ?? control.textContent?.trim() ?? '';
    const byLabel = labels > 0 || document.querySelector(`label[for="${CSS.escape(control.id)}"]`) !== null;
    if (reachable && labelled === '' && !byLabel) faults.add(`no name: ${control.outerHTML.slice(0, 100)}`);
  }
  return [...faults];
}
