// One turn on a connection. Statements sent together cost one round trip. Until the turn ends with a Sync message they
// are one transaction with one snapshot, without BEGIN and COMMIT
// (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING).
import type { Connection, Submittable } from 'pg';
import type { Parameter } from './postgres-values.ts';

/** Prepared once per connection under its name. */
export type Statement = { readonly name: string; readonly text: string };
export type Step = { readonly statement: Statement; readonly parameters: readonly Parameter[] };
/** One field per column, as text. */
export type Row = readonly (string | null)[];

type Question = {
  readonly steps: readonly Step[];
  readonly isLast: boolean;
  readonly answers: Row[][];
  readonly resolve: (answers: readonly (readonly Row[])[]) => void;
  readonly reject: (error: unknown) => void;
};

/** pg calls the `handle…` methods. */
export class Exchange implements Submittable {
  readonly #prepared: Set<string>;
  readonly #timeoutMs: number;
  readonly #hang: () => void;
  #connection: Connection | null = null;
  readonly #unsent: Question[] = [];
  readonly #unanswered: Question[] = [];
  #rows: Row[] = [];
  #timer: NodeJS.Timeout | null = null;
  #isOver = false;
  #error: Error | null = null;

  /** `prepared`: names of the statements that the connection knows; `hang`: no answer came for `timeoutMs`. */
  constructor(prepared: Set<string>, timeoutMs: number, hang: () => void) {
    this.#prepared = prepared;
    this.#timeoutMs = timeoutMs;
    this.#hang = hang;
  }

  /** Rows of each step, as of the snapshot of the first step of the exchange. */
  ask(steps: readonly Step[]): Promise<readonly (readonly Row[])[]> {
    return this.#ask(steps, false);
  }

  /** As `ask`, and ends the exchange: resolved means that what the steps wrote is committed. */
  askLast(steps: readonly Step[]): Promise<readonly (readonly Row[])[]> {
    return this.#ask(steps, true);
  }

  /** Gives the connection to who is next. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#startTimer();
    this.#connection?.sync();
  }

  #ask(steps: readonly Step[], isLast: boolean): Promise<readonly (readonly Row[])[]> {
    if (this.#error !== null) return Promise.reject(this.#error);
    if (this.#isOver) return Promise.reject(new Error('this exchange is over'));
    this.#isOver = isLast;
    this.#startTimer();
    return new Promise((resolve, reject) => {
      const question = { steps, isLast, answers: [], resolve, reject };
      if (this.#connection === null) this.#unsent.push(question);
      else this.#send(this.#connection, question);
    });
  }

  submit(connection: Connection): void {
    this.#connection = connection;
    for (const question of this.#unsent.splice(0)) this.#send(connection, question);
    // Ended before it began.
    if (this.#isOver && this.#unanswered.length === 0) connection.sync();
  }

  #send(connection: Connection, question: Question): void {
    this.#unanswered.push(question);
    connection.stream.cork();
    for (const step of question.steps) this.#sendStep(connection, step);
    if (question.isLast) connection.sync();
    else connection.flush();
    connection.stream.uncork();
  }

  #sendStep(connection: Connection, { statement, parameters }: Step): void {
    if (!this.#prepared.has(statement.name)) {
      connection.parse({ ...statement, types: [] }, true);
      this.#prepared.add(statement.name);
    }
    connection.bind({ statement: statement.name, values: [...parameters] }, true);
    connection.execute(null, true);
  }

  handleRowDescription(): void {}

  handleDataRow({ fields }: { readonly fields: Row }): void {
    this.#rows.push(fields);
  }

  handleCommandComplete(): void {
    const question = this.#unanswered[0];
    if (question === undefined) return;
    question.answers.push(this.#rows);
    this.#rows = [];
    if (question.answers.length === question.steps.length && !question.isLast) this.#settle(question);
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  handleReadyForQuery(): void {
    const question = this.#unanswered[0];
    if (question !== undefined) this.#settle(question);
    this.#stopTimer();
  }

  /** The library calls this once for what the server refuses, or when the connection is lost. */
  handleError(error: Error): void {
    if (this.#error !== null) return;
    this.#error = error;
    this.#stopTimer();
    // The server ignores what comes before the next Sync.
    if (!this.#isOver) this.#connection?.sync();
    this.#isOver = true;
    for (const question of [...this.#unanswered.splice(0), ...this.#unsent.splice(0)]) question.reject(error);
  }

  #settle(question: Question): void {
    this.#unanswered.shift();
    this.#stopTimer();
    if (this.#unanswered.length > 0 || this.#isOver) this.#startTimer();
    question.resolve(question.answers);
  }

  #startTimer(): void {
    this.#timer ??= setTimeout(this.#hang, this.#timeoutMs);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
