// What the trail could not take, counted: it stands in the trail as a record of its own, so that nothing is missing in
// silence.
import type { AuditEntry } from './entry.ts';

/** Of nobody known, in one second and process; more is a flood, and the store is not for rent. */
const MAX_STRANGERS_PER_SECOND = 100;

const OF_STRANGERS: ReadonlySet<string> = new Set(['anonymous', 'unknown']);

export class Losses {
  #dropped = 0;
  #suppressed = 0;
  #second = 0;
  #strangers = 0;

  get any(): boolean {
    return this.#dropped + this.#suppressed > 0;
  }

  drop(count: number): void {
    this.#dropped += count;
  }

  /** Whether it is one refusal too many of somebody who proved nothing. */
  isFlood({ who, outcome, at }: AuditEntry): boolean {
    if (outcome !== 'denied' || !OF_STRANGERS.has(who.type)) return false;
    const second = Math.floor(at / 1000);
    this.#strangers = second === this.#second ? this.#strangers + 1 : 1;
    this.#second = second;
    if (this.#strangers <= MAX_STRANGERS_PER_SECOND) return false;
    this.#suppressed++;
    return true;
  }

  take(at: number): AuditEntry {
    const details = { dropped: this.#dropped, refusalsOfStrangers: this.#suppressed };
    this.#dropped = 0;
    this.#suppressed = 0;
    return {
      at,
      operation: 'AuditRecordsLost',
      action: null,
      category: 'system',
      access: 'write',
      channel: 'job',
      who: { type: 'job', name: 'audit' },
      accounts: [],
      resource: null,
      outcome: 'failed',
      status: 0,
      code: null,
      requestId: '',
      address: '',
      userAgent: '',
      details,
    };
  }
}
