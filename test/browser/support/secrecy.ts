// Where a secret could turn up after it was shown once: later answers, pages, logs, files.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Response } from 'playwright-core';

export type RecordedAnswer = { readonly method: string; readonly url: string; readonly text: string };

/** Keeps the text of every answer that the context's pages receive from now on. */
export function recordAnswers(context: BrowserContext): { all: () => Promise<RecordedAnswer[]> } {
  const pending: Promise<RecordedAnswer>[] = [];
  context.on('response', (response) => pending.push(readAnswer(response)));
  return { all: () => Promise.all(pending) };
}

async function readAnswer(response: Response): Promise<RecordedAnswer> {
  const head = { method: response.request().method(), url: response.url() };
  // Redirects and answers of pages that were left have no body to read.
  const text = await response.text().catch(() => '');
  return { ...head, text };
}

/** The files below `folder` that hold these bytes. */
export async function filesHolding(folder: string, text: string): Promise<string[]> {
  const needle = Buffer.from(text);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const holding: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(needle)) holding.push(path);
  }
  return holding;
}
