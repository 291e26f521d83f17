/** One thing looked at. `advice` says what to do; '' when all is well. */
export type Finding = {
  readonly check: string;
  readonly result: 'ok' | 'warn' | 'fail';
  readonly found: string;
  readonly advice: string;
};

export const ok = (check: string, found: string): Finding => ({ check, result: 'ok', found, advice: '' });
export const warn = (check: string, found: string, advice: string): Finding => ({
  check,
  result: 'warn',
  found,
  advice,
});
export const fail = (check: string, found: string, advice: string): Finding => ({
  check,
  result: 'fail',
  found,
  advice,
});
