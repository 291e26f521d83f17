// Copying gigabytes takes longer than clients wait for a first byte. As S3 does, the answer then begins as a 200 before
// the work is done, goes on with white space, and ends with the result, or with an `<Error>` that the SDKs look for. Its
// headers are those that were known by then.
import type { OperationContext, S3Reply } from './operation.ts';
import { errorXml, toS3Error } from './render-error.ts';
import { XML_DECLARATION } from './xml/write.ts';

/** How long a client waits for the first byte, and between any two. */
const INTERVAL_MS = 10_000;

/** The result, or undefined when it was not there in time. */
async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), timeoutMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function* trickle(xml: Promise<string>, intervalMs: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from(XML_DECLARATION);
  for (;;) {
    const text = await within(xml, intervalMs);
    if (text !== undefined) return yield Buffer.from(text.slice(XML_DECLARATION.length));
    yield Buffer.from(' ');
  }
}

/** What the answer will say in any case, as soon as it is known. */
export type TellHeaders = (headers: Readonly<Record<string, string>>) => void;

/** The work answers 200 with XML. Failing early it rejects, failing late the error stands in the body. */
export async function patientReply(
  context: Pick<OperationContext, 'request' | 'services'>,
  start: (tell: TellHeaders) => Promise<S3Reply & { readonly body: string }>,
  intervalMs: number = INTERVAL_MS,
): Promise<S3Reply> {
  const told: Record<string, string> = {};
  const work = start((headers) => void Object.assign(told, headers));
  const reply = await within(work, intervalMs);
  if (reply !== undefined) return reply;
  const xml = work.then(
    ({ body }) => body,
    (error: unknown) => lateError(context, error),
  );
  return { status: 200, headers: { ...told, 'content-type': 'application/xml' }, body: trickle(xml, intervalMs) };
}

function lateError({ request, services }: Pick<OperationContext, 'request' | 'services'>, cause: unknown): string {
  const error = toS3Error(cause);
  if (error.status >= 500) services.log.error({ requestId: request.id, err: cause }, 'an S3 request failed late');
  return errorXml(error, { requestId: request.id, hostId: null, resource: request.rawPath });
}
