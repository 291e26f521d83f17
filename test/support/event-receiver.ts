// A real webhook for tests: an HTTP server on loopback that keeps what it gets and answers as it is told.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Received = { readonly headers: Readonly<Record<string, unknown>>; readonly body: string };

export type EventReceiver = AsyncDisposable & {
  readonly url: string;
  readonly received: readonly Received[];
  /** the status of each answer from now on; null: no answer at all */
  readonly answer: (status: number | null) => void;
  /** the members of `Records` in what was answered with 200, once the test is content with them */
  readonly waitFor: (check: (records: readonly EventRecord[]) => boolean) => Promise<readonly EventRecord[]>;
  readonly accepted: () => readonly Received[];
};

export type EventRecord = {
  readonly eventName: string;
  readonly userIdentity: { readonly principalId: string };
  readonly requestParameters: { readonly sourceIPAddress: string };
  readonly s3: {
    readonly configurationId: string;
    readonly bucket: { readonly name: string };
    readonly object: {
      readonly key: string;
      readonly size?: number;
      readonly eTag?: string;
      readonly versionId?: string;
      readonly sequencer: string;
    };
  };
  readonly [other: string]: unknown;
};

const WAIT_MS = 45_000;

export async function startReceiver(): Promise<EventReceiver> {
  const received: Received[] = [];
  const accepted: Received[] = [];
  let status: number | null = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(one);
      if (status === null) return;
      if (status < 300) accepted.push(one);
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/events`,
    received,
    accepted: () => accepted,
    answer: (next) => {
      status = next;
    },
    waitFor: async (check) => {
      const end = Date.now() + WAIT_MS;
      for (;;) {
        const records = accepted.flatMap(({ body }) => recordsOf(body));
        if (check(records)) return records;
        if (Date.now() > end) throw new Error(`no such events came: ${JSON.stringify(records)}`);
        await sleep(50);
      }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function recordsOf(body: string): readonly EventRecord[] {
  const message = JSON.parse(body) as { readonly Records?: readonly EventRecord[] };
  return message.Records ?? [];
}
