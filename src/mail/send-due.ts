// One round of the mail queue. A link's token is made as its mail is sent; what cannot be sent is tried again, later
// each time, for a day. A crash between sending and noting it sends a second mail with a link of its own.
import { readAccount } from '../identity/accounts.ts';
import { dropLink, LINK_HOURS, nameOf, putLink } from '../identity/email-links.ts';
import { type Person, type PersonRecord, readPerson } from '../identity/people.ts';
import type { MetadataStore, Snapshot } from '../metadata/metadata-store.ts';
import { decodeRecord, encodeRecord } from '../metadata/tables/record.ts';
import { mailDueRange, mailKey, type MailRecord } from '../metadata/tables/sign-in.ts';
import type { Clock } from '../shared/clock.ts';
import { composeMail } from './compose.ts';
import type { SendMail } from './transport.ts';

const ROUND = 20;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 30 * 60_000;
const GIVE_UP_AFTER_MS = 24 * 3_600_000;
const MAX_ERROR_LENGTH = 300;

export type SendDeps = {
  readonly store: MetadataStore;
  readonly clock: Clock;
  readonly send: SendMail;
  /** origin of the console, for links */
  readonly consoleUrl: string;
  /** without the address: logs need none */
  readonly onFailed: (facts: { readonly kind: string; readonly error: string; readonly givenUp: boolean }) => void;
};

export type MailRound = { readonly sent: number; readonly failed: number };

type Due = { readonly key: Uint8Array; readonly record: MailRecord };

export async function sendDueMail(deps: SendDeps): Promise<MailRound> {
  const rows = await deps.store.read((snapshot) => snapshot.range({ ...mailDueRange(deps.clock()), limit: ROUND }));
  let sent = 0;
  for (const { key, value } of rows) {
    // a server that is away takes its time to say so: once a round is enough
    if (!(await sendOne(deps, { key, record: decodeRecord<MailRecord>(value) }))) return { sent, failed: 1 };
    sent++;
  }
  return { sent, failed: 0 };
}

type Prepared = { readonly values: Readonly<Record<string, string>>; readonly token: string | null };

async function sendOne(deps: SendDeps, { key, record }: Due): Promise<boolean> {
  const prepared = await prepare(deps, record);
  if (prepared === null) {
    await deps.store.transact(async (transaction) => transaction.delete(key));
    return true;
  }
  const { values, token } = prepared;
  const link = linkOf(deps.consoleUrl, record, token);
  try {
    await deps.send(record.to, composeMail(record.about.kind, record.language, { values, link }));
  } catch (error) {
    await putOff(deps, { key, record }, token, error);
    return false;
  }
  await deps.store.transact(async (transaction) => transaction.delete(key));
  return true;
}

function linkOf(consoleUrl: string, { about }: MailRecord, token: string | null): string | null {
  // behind the #, which browsers send to nobody
  if (token !== null) return `${consoleUrl}/signin/link#${token}`;
  if ('projectId' in about) return `${consoleUrl}/projects/${about.projectId}/information`;
  return about.kind === 'known-address' ? `${consoleUrl}/signin` : null;
}

/** null: there is nobody any more whom it would help. */
async function prepare({ store, clock }: SendDeps, { about }: MailRecord): Promise<Prepared | null> {
  if (about.kind === 'known-address') return { values: {}, token: null };
  if ('projectId' in about) return { values: fullness(about), token: null };
  if (about.kind === 'sign-up') {
    const { kind, email } = about;
    const token = await store.transact(async (transaction) => putLink(transaction, { kind, email }, clock()));
    return { values: { hours: String(LINK_HOURS[kind]) }, token };
  }
  const person: Person = { accountId: about.accountId, ref: about.owner };
  return store.transact(async (transaction) => {
    const found = await readActive(transaction, person);
    if (found === null) return null;
    const { record, rootEmail } = found;
    const values = { name: nameOf(record), rootEmail };
    if (about.kind === 'password-changed') return { values, token: null };
    const token = putLink(transaction, { kind: about.kind, person, record }, clock());
    return { values: { ...values, hours: String(LINK_HOURS[about.kind]) }, token };
  });
}

function fullness({ projectName, usedBytes, quotaBytes }: Extract<MailRecord['about'], { projectName: string }>) {
  const percent = String(Math.floor((usedBytes * 100) / quotaBytes));
  return { name: projectName, used: gigabytes(usedBytes), quota: gigabytes(quotaBytes), percent };
}

/** Base 1024, as the console says it. */
const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GB`;

type Active = { readonly record: PersonRecord; readonly rootEmail: string };

async function readActive(snapshot: Snapshot, person: Person): Promise<Active | null> {
  const account = await readAccount(snapshot, person.accountId);
  const record = await readPerson(snapshot, person);
  if (account?.status !== 'active' || record?.status !== 'active') return null;
  return { record, rootEmail: account.email };
}

async function putOff(deps: SendDeps, { key, record }: Due, token: string | null, error: unknown): Promise<void> {
  const now = deps.clock();
  const lastError = (error instanceof Error ? error.message : String(error)).slice(0, MAX_ERROR_LENGTH);
  const givenUp = now - record.createdAt >= GIVE_UP_AFTER_MS;
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(record.attempts, 20), LONGEST_PAUSE_MS);
  await deps.store.transact(async (transaction) => {
    // nobody has seen the link
    if (token !== null) dropLink(transaction, token);
    if ((await transaction.get(key)) === undefined) return;
    transaction.delete(key);
    if (givenUp) return;
    const later: MailRecord = { ...record, attempts: record.attempts + 1, lastError };
    transaction.put(mailKey(now + pauseMs, record.id), encodeRecord(later));
  });
  deps.onFailed({ kind: record.about.kind, error: lastError, givenUp });
}
