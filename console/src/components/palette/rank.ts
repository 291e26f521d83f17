// Which of the things the palette knows fit what was typed, the best first.

export type Findable = { readonly label: string; readonly group: string; readonly keywords?: string };

/** `Tạo dự án` is found by `tao du an`. */
const plain = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'd').toLowerCase();

/** 0: does not fit. */
export function fit({ label, keywords = '' }: Findable, typed: string): number {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const name = plain(label);
  const rest = plain(keywords);
  let sum = 0;
  for (const word of words) {
    const points = fitOfWord(name, rest, word);
    if (points === 0) return 0;
    sum += points;
  }
  return words.length === 0 ? 1 : sum / words.length;
}

function fitOfWord(name: string, rest: string, word: string): number {
  if (name === word) return 5;
  if (name.startsWith(word)) return 4;
  if (name.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))) return 3;
  if (name.includes(word)) return 2;
  return rest.includes(word) ? 1 : 0;
}

const MOST_OF_A_GROUP = 6;

export type Ranked<Item> = { readonly group: string; readonly items: readonly Item[] };

/** In groups; the group with the best fit first, in equal cases in the order given. */
export function rank<Item extends Findable>(items: readonly Item[], typed: string): Ranked<Item>[] {
  const fitting = items.map((item) => ({ item, points: fit(item, typed) })).filter(({ points }) => points > 0);
  const groups = Map.groupBy(fitting, ({ item }) => item.group);
  return [...groups]
    .map(([group, found]) => {
      const sorted = found.toSorted((a, b) => b.points - a.points);
      return { group, best: sorted[0]?.points ?? 0, items: sorted.slice(0, MOST_OF_A_GROUP).map(({ item }) => item) };
    })
    .toSorted((a, b) => b.best - a.best)
    .map(({ group, items: found }) => ({ group, items: found }));
}

/** As the server gives them to every request, in its answers and errors. */
export const requestIdIn = (typed: string): string | null =>
  /^[0-9A-F]{16}$/i.test(typed.trim()) ? typed.trim().toUpperCase() : null;
