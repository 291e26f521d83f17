// A node:test reporter for run-tests.ts: one JSON line per test, suites left out.
export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details.type === 'suite' && type === 'test:pass') continue;
    const skipped = data.skip !== undefined || data.todo !== undefined;
    const result = skipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    const error = type === 'test:fail' ? describe(data.details.error) : '';
    // A suite or a parent fails because a child did: the child says why.
    if (data.details.error?.failureType === 'subtestsFailed') continue;
    yield `${JSON.stringify({ name: data.name, result, error })}\n`;
  }
}

function describe(error) {
  const cause = error?.cause ?? error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
