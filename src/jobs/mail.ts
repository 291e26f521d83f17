// Sends the mail that is due.
import { type SendDeps, sendDueMail } from '../mail/send-due.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 1_000;

export function mailJob(deps: SendDeps): Job {
  let done = 0;
  let failed = 0;
  return {
    name: 'mail',
    intervalMs: INTERVAL_MS,
    step: async () => {
      const round = await sendDueMail(deps);
      done += round.sent;
      failed = round.failed;
      return round.sent > 0;
    },
    status: () => ({
      done,
      waiting: failed === 0 ? null : failed,
      message: failed === 0 ? null : 'mail could not be sent and will be tried again: see the log',
    }),
  };
}
