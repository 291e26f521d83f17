// How often the S3 API answered each operation with success: tells a copy within the server from one through a client.
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { TestServer } from './start-server.ts';

/** operation → answers with 2xx since the server started */
export type RequestCounts = Readonly<Record<string, number>>;

const LINE = /^vstorage_s3_requests_total\{operation="(\w+)",status="2\d\d"\} (\d+)$/gm;

export async function requestCounts({ consoleUrl, caFile }: TestServer): Promise<RequestCounts> {
  const counts: Record<string, number> = {};
  for (const [, operation = '', count] of (await readMetrics(consoleUrl, caFile)).matchAll(LINE)) {
    counts[operation] = (counts[operation] ?? 0) + Number(count);
  }
  return counts;
}

/** What was asked for while `action` ran: operations that were not are left out. */
export async function countedDuring(server: TestServer, action: () => Promise<unknown>): Promise<RequestCounts> {
  const before = await requestCounts(server);
  await action();
  const after = Object.entries(await requestCounts(server));
  const counted = after.map(([operation, count]) => [operation, count - (before[operation] ?? 0)] as const);
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}

async function readMetrics(consoleUrl: string, caFile: string): Promise<string> {
  const ca = await readFile(caFile);
  return await new Promise((resolve, reject) => {
    const outgoing = request(`${consoleUrl}/metrics`, { ca }, (response) => {
      text(response).then(resolve, reject);
    });
    outgoing.on('error', reject).end();
  });
}
