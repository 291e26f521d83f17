// What a run prints: a line per file as it ends, every failure in full at the end, then one line of totals.
import type { Outcome } from './run-tests.ts';

export class Summary {
  readonly #outcomes: Outcome[] = [];

  readonly add = (outcome: Outcome): void => {
    this.#outcomes.push(outcome);
    const { source, passed, failed, skipped, durationMs } = outcome;
    const mark = failed.length > 0 ? 'FAILED' : 'ok    ';
    const notes = [
      `${passed} passed`,
      failed.length > 0 && `${failed.length} failed`,
      skipped > 0 && `${skipped} skipped`,
    ];
    const seconds = (durationMs / 1000).toFixed(1);
    process.stdout.write(`${mark} ${source}: ${notes.filter(Boolean).join(', ')} (${seconds} s)\n`);
  };

  /** Prints the failures and, as the last line, `N passed, N failed`; answers the exit code. */
  finish(): number {
    const failures = this.#outcomes.flatMap(({ source, failed }) => failed.map((failure) => ({ source, ...failure })));
    const passed = this.#outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
    for (const { source, name, detail } of failures) {
      process.stdout.write(`\n── ${source}\n   ${name}\n${indent(detail)}\n`);
    }
    process.stdout.write(`\n${passed} passed, ${failures.length} failed\n`);
    return failures.length > 0 || passed === 0 ? 1 : 0;
  }
}

const indent = (text: string): string => text.replace(/^/gm, '     ');
