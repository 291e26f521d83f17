// A background job: small units of work, one after another, in the one process that holds the lease (runner.ts).

/** What a job says about itself; the runner adds whether it runs, is paused or fails (JobState). */
export type JobStatus = {
  /** units done since this process started */
  readonly done: number;
  /** units known to be waiting; null when counting them would cost too much */
  readonly waiting: number | null;
  /** one plain sentence for the operator, or null */
  readonly message: string | null;
};

export type Job = {
  /** kebab-case; names the job in the metadata store, metrics and logs */
  readonly name: string;
  /**
   * Does one small unit (seconds at most, so that a pause or a stop takes effect) and tells whether it did something:
   * true runs it again at once, false waits `intervalMs`. Must be safe to run twice: after a crash or a lost lease
   * another process starts it again.
   */
  step(): Promise<boolean>;
  readonly intervalMs: number;
  status(): JobStatus;
};
