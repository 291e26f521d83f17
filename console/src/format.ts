// How numbers and times look: sizes in base 1024 with two decimals, times dd/MM/yyyy HH:mm of the reader's zone.
const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;
export const GIB = 1024 ** 3;
const DAY_MS = 86_400_000;

const made = new Map<string, Intl.NumberFormat>();

/** To make one costs more than to use it a thousand times. */
function numberFormat(language: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const name = `${language} ${JSON.stringify(options)}`;
  const known = made.get(name);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat(language, options);
  made.set(name, format);
  return format;
}

export function formatBytes(bytes: number, language: string): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const digits = power === 0 ? 0 : 2;
  const number = numberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number.format(bytes / 1024 ** power)} ${units[power] ?? 'B'}`;
}

export const formatCount = (count: number, language: string): string => numberFormat(language).format(count);

/** A share of a whole; what is more than nothing never reads as 0 %. */
export function formatPercent(part: number, whole: number, language: string): string {
  const share = whole === 0 ? 0 : part / whole;
  const format = numberFormat(language, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 });
  return share > 0 && share < 0.001 ? `< ${format.format(0.001)}` : format.format(share);
}

const two = (value: number): string => String(value).padStart(2, '0');

export function formatDate(time: Date): string {
  return `${two(time.getDate())}/${two(time.getMonth() + 1)}/${time.getFullYear()}`;
}

export function formatDateTime(iso: string): string {
  const time = new Date(iso);
  return `${formatDate(time)} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** Days until then, rounded up: what is due today says 1, what is overdue 0. */
export const daysUntil = (iso: string, nowMs: number): number =>
  Math.max(0, Math.ceil((Date.parse(iso) - nowMs) / DAY_MS));
