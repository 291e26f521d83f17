// Previews show what an object is and never run it; whatever its name or metadata holds stays text.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Request } from 'playwright-core';
import { startServer, type TestServer } from '../support/start-server.ts';
import { collectComplaints, openBrowser, type TestBrowser } from './support/chromium.ts';
import { signInAsRoot } from './support/console-page.ts';
import { row, type Storage, storageOf } from './support/objects.ts';

let server: TestServer;
let chrome: TestBrowser;
let page: Page;
let storage: Storage;
let complaints: string[];

const ATTACK = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';

before(async () => {
  server = await startServer();
  chrome = await openBrowser(server);
  page = await (await chrome.newContext()).newPage();
  complaints = collectComplaints(page);
  await signInAsRoot(page, server);
  storage = await storageOf(page);
  await storage.createBucket('show');
});
after(async () => {
  await chrome[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function preview(key: string): Promise<ReturnType<Page['getByRole']>> {
  await storage.open('show', `?object=${encodeURIComponent(key)}`);
  await page.getByRole('button', { name: 'Preview', exact: true }).last().click();
  const stage = page.getByRole('dialog').last();
  await stage.getByRole('button', { name: 'Next', exact: true }).waitFor();
  return stage;
}

/** Bytes that a string cannot hold. */
async function putBytes(key: string, base64: string, type: string): Promise<void> {
  const { csrfToken } = await storage.rest.get<{ csrfToken: string }>('/session');
  const url = `/api/v1/projects/${storage.projectId}/buckets/show/object/content?key=${encodeURIComponent(key)}`;
  await page.evaluate(
    async ({ url: to, base64: text, type: contentType, csrfToken: token }) => {
      const body = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
      const headers = { 'content-type': contentType, 'x-csrf-token': token };
      await fetch(to, { method: 'PUT', body, headers });
    },
    { url, base64, type, csrfToken },
  );
}

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** A WAV file of silence: two seconds, 8 kHz, 8 bits. */
function wav(): string {
  const samples = 16_000;
  const bytes = Buffer.alloc(44 + samples, 128);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + samples, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(8000, 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples, 40);
  return bytes.toString('base64');
}

test('pictures, SVG among them, are shown and run nothing', async () => {
  await putBytes('pixel.png', PIXEL, 'image/png');
  await storage.put('show', [
    'draw.svg',
    `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><script>parent.document.title='owned'</script><rect width="40" height="40"/></svg>`,
    'image/svg+xml',
  ]);
  for (const [key, width] of [
    ['pixel.png', 1],
    ['draw.svg', 40],
  ] as const) {
    const stage = await preview(key);
    const image = stage.getByRole('img', { name: key });
    await image.waitFor();
    await page.waitForFunction((size) => [...document.images].some((one) => one.naturalWidth === size), width);
  }
  assert.doesNotMatch(await page.title(), /owned/);
});

test('sound is played from any moment: the player asks for ranges', async () => {
  await putBytes('silence.wav', wav(), 'audio/wav');
  const ranges: string[] = [];
  page.on('response', (response) => {
    if (response.url().includes('silence.wav') && response.status() === 206) ranges.push(response.url());
  });
  await preview('silence.wav');
  await page.waitForFunction(() => (document.querySelector('audio')?.duration ?? 0) > 1.9);
  const at = await page.evaluate(async () => {
    const audio = document.querySelector('audio');
    if (audio === null) return -1;
    const sought = new Promise((resolve) => audio.addEventListener('seeked', resolve, { once: true }));
    audio.currentTime = 1.5;
    await sought;
    return audio.currentTime;
  });
  assert.equal(at, 1.5);
  assert.ok(ranges.length > 0, 'the server answered with parts');
});

test('a PDF opens in a frame, as a PDF and nothing else', async () => {
  const pdf =
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj ' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\ntrailer<</Root 1 0 R>>\n';
  await storage.put('show', ['paper.pdf', pdf, 'application/pdf']);
  const answered = page.waitForResponse((response) => response.url().includes('paper.pdf&disposition=inline'));
  const stage = await preview('paper.pdf');
  const headers = (await answered).headers();
  assert.equal(headers['content-type'], 'application/pdf');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(headers['content-security-policy'] ?? '', /frame-ancestors 'self'/);
  await stage.locator('iframe[title="paper.pdf"]').waitFor();
  assert.deepEqual(
    complaints.filter((complaint) => /frame-src|frame-ancestors|X-Frame/.test(complaint)),
    [],
  );
});

test('text, code, JSON and CSV are shown as text, of long ones the beginning', async () => {
  await storage.put(
    'show',
    ['code.html', ATTACK, 'text/html'],
    ['data.json', '{"a":[1,{"b":"<b>"}]}', 'application/json'],
    ['table.csv', 'name,note\n"Lamp, big","<b>x</b>"\n', 'text/csv'],
    ['long.log', 'line\n'.repeat(200_000), 'text/plain'],
  );
  const html = await preview('code.html');
  await html.getByText(ATTACK).waitFor();
  const json = await preview('data.json');
  await json.getByText('"b": "<b>"').waitFor();
  const csv = await preview('table.csv');
  await csv.getByRole('cell', { name: 'Lamp, big' }).waitFor();
  await csv.getByRole('cell', { name: '<b>x</b>' }).waitFor();
  const long = await preview('long.log');
  await long.getByText('The first 512.00 KB').waitFor();
  assert.doesNotMatch(await page.title(), /owned/);
});

test('Markdown is rendered in a frame that may run and load nothing', async () => {
  const markdown = `# Title\n\n**bold** ${ATTACK}\n\n![x](https://elsewhere.example/a.png)\n\n[go](javascript:alert(1))`;
  await storage.put('show', ['page.md', markdown, 'text/markdown']);
  const asked: Request[] = [];
  page.on('request', (request) => asked.push(request));
  const stage = await preview('page.md');
  const frame = stage.locator('iframe');
  assert.equal(await frame.getAttribute('sandbox'), '');
  const inside = frame.contentFrame();
  await inside.getByRole('heading', { name: 'Title' }).waitFor();
  assert.equal(await inside.locator('strong').innerText(), 'bold');
  // the browser may show what the policy kept from leaving
  for (const request of asked.filter((each) => each.url().includes('elsewhere'))) {
    await request.response();
    assert.match(request.failure()?.errorText ?? 'it left', /csp/i);
  }
  assert.doesNotMatch(await page.title(), /owned/);
});

test('a preview goes on to the next object, by button and by key', async () => {
  const stage = await preview('code.html');
  await stage.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByRole('dialog').last().getByText('"b": "<b>"').waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('dialog').last().getByText(ATTACK).waitFor();
});

test('HTML in names, metadata and tags is text wherever it is shown', async () => {
  const key = '<b>bold<img src=x onerror=alert(1)>.txt';
  await storage.put('show', [key, 'x']);
  const path = `/projects/${storage.projectId}/buckets/show/object/metadata?key=${encodeURIComponent(key)}`;
  const { csrfToken } = await storage.rest.get<{ csrfToken: string }>('/session');
  await page.evaluate(
    async ({ url, token }) => {
      const body = JSON.stringify({ system: {}, metadata: { note: '<script>alert(1)</script>' } });
      await fetch(url, { method: 'PUT', body, headers: { 'content-type': 'application/json', 'x-csrf-token': token } });
    },
    { url: `/api/v1${path}`, token: csrfToken },
  );
  await storage.open('show');
  await row(page, key).waitFor();
  await page.getByRole('button', { name: key, exact: true }).click();
  await page.getByRole('dialog').getByText('<script>alert(1)</script>').waitFor();
  assert.equal(await page.locator('b', { hasText: 'bold' }).count(), 0);
});

test('the bytes of an object opened as a page of the console’s origin are a file, or opaque', async () => {
  await storage.put('show', ['evil.html', ATTACK, 'text/html'], ['evil.txt', ATTACK, 'text/plain']);
  const url = (key: string) =>
    `/api/v1/projects/${storage.projectId}/buckets/show/object/content?disposition=inline&key=${key}`;
  const download = page.waitForEvent('download');
  await page.goto(url('evil.html')).catch(() => undefined);
  assert.equal((await download).suggestedFilename(), 'evil.html');
  await page.goto(url('evil.txt'));
  assert.equal(await page.evaluate('window.origin'), 'null', 'an opaque origin');
  assert.equal(await page.evaluate('document.body.innerText'), ATTACK);
});

test('nothing went wrong in the pages meanwhile', () => {
  const expected =
    /Blocked script execution in 'about:srcdoc'|Failed to load resource|violates the following Content Security Policy/;
  assert.deepEqual(
    complaints.filter((complaint) => !expected.test(complaint)),
    [],
  );
});
