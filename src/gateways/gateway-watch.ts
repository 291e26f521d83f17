// Which gateways live: those that have written their row anew within a term, as the watcher's own clock measures it.
// Clocks of two machines are never compared, so whoever begins to watch takes all for living at first.
import type { GatewayRecord } from '../metadata/tables/gateways.ts';
import type { Clock } from '../shared/clock.ts';

export const GATEWAY_TERM_MS = 15_000;

type Seen = { readonly beat: number; readonly sinceMs: number };

export class GatewayWatch {
  readonly #clock: Clock;
  readonly #termMs: number;
  #seen: ReadonlyMap<string, Seen> = new Map();

  constructor(clock: Clock, termMs: number = GATEWAY_TERM_MS) {
    this.#clock = clock;
    this.#termMs = termMs;
  }

  look(rows: readonly GatewayRecord[]): { readonly live: GatewayRecord[]; readonly silent: GatewayRecord[] } {
    const nowMs = this.#clock();
    this.#seen = new Map(rows.map(({ id, beat }) => [id, this.#still(id, beat) ?? { beat, sinceMs: nowMs }]));
    const isSilent = ({ id }: GatewayRecord): boolean => nowMs - (this.#seen.get(id)?.sinceMs ?? nowMs) >= this.#termMs;
    return { live: rows.filter((row) => !isSilent(row)), silent: rows.filter(isSilent) };
  }

  #still(id: string, beat: number): Seen | undefined {
    const seen = this.#seen.get(id);
    return seen?.beat === beat ? seen : undefined;
  }
}
