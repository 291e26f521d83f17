// Which reading of a request fits the signature that came with it? The plain one with other secrets first, then each
// variation, then two at once where they go together; a bounded number in all.
import type { S3Request } from '../operation.ts';
import { canonicalText, type Reading, signatureOf } from './reading.ts';
import { type Surroundings, type Variation, type VariationKind, variationsOf } from './variations.ts';

const MAX_TRIED = 600;

/** What a proxy does to a request, it does to several parts of it. */
const PAIRS: readonly (readonly [VariationKind, VariationKind])[] = [
  ['host', 'path'],
  ['host', 'header'],
  ['host', 'payload'],
  ['path', 'query'],
  ['path', 'payload'],
  ['host', 'query'],
];

/** A secret that may have been used instead, and how the answer calls it. */
export type Candidate = {
  readonly secretKey: string;
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
};

export type FoundReading = {
  readonly reading: Reading;
  readonly variants: readonly {
    readonly kind: VariationKind | 'secret';
    readonly name: string;
    readonly facts: Readonly<Record<string, string>>;
  }[];
};

export type Sought = {
  readonly request: S3Request;
  readonly plain: Reading;
  readonly signature: string;
  readonly secretKey: string;
  /** other secrets that may have been meant */
  readonly candidates: readonly Candidate[];
  readonly surroundings: Surroundings;
};

export function findReading(sought: Sought): { readonly found: FoundReading | null; readonly tried: number } {
  const { plain, candidates, secretKey } = sought;
  const attempts = new Attempts(sought.signature);
  if (attempts.fits(plain, secretKey)) return attempts.answer({ reading: plain, variants: [] });
  for (const { secretKey: other, name, facts } of candidates) {
    if (attempts.fits(plain, other)) {
      return attempts.answer({ reading: plain, variants: [{ kind: 'secret', name, facts }] });
    }
  }
  const variations = variationsOf(sought.request, sought.surroundings);
  for (const variation of variations) {
    const reading = variation.apply(plain);
    if (attempts.fits(reading, secretKey)) return attempts.answer({ reading, variants: [variation] });
  }
  for (const [first, second] of pairsOf(variations)) {
    const reading = second.apply(first.apply(plain));
    if (attempts.fits(reading, secretKey)) return attempts.answer({ reading, variants: [first, second] });
  }
  return attempts.answer(null);
}

function* pairsOf(variations: readonly Variation[]): Generator<readonly [Variation, Variation]> {
  const byKind = Map.groupBy(variations, ({ kind }) => kind);
  for (const [a, b] of PAIRS) {
    for (const first of byKind.get(a) ?? []) for (const second of byKind.get(b) ?? []) yield [first, second];
  }
}

class Attempts {
  readonly #signature: string;
  readonly #seen = new Set<string>();

  constructor(signature: string) {
    this.#signature = signature;
  }

  fits(reading: Reading, secretKey: string): boolean {
    const text = `${secretKey}\n${reading.timestamp}/${reading.date}/${reading.region}/${reading.service}\n${canonicalText(reading)}`;
    if (this.#seen.size >= MAX_TRIED || this.#seen.has(text)) return false;
    this.#seen.add(text);
    if (signatureOf(reading, secretKey) === this.#signature) return true;
    return /[\u0080-\u00ff]/.test(text) && signatureOf(reading, secretKey, 'utf8') === this.#signature;
  }

  answer(found: FoundReading | null): { readonly found: FoundReading | null; readonly tried: number } {
    return { found, tried: this.#seen.size };
  }
}
