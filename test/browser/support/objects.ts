// Buckets and objects through a page's own session: sets things up, and looks at what came of them.
import type { Page } from 'playwright-core';
import type { ProjectView, SessionView } from '../../../src/console-api/contract.ts';
import type { ObjectList, ObjectView, VersionList } from '../../../src/console-api/contract/objects.ts';
import { type Rest, restOf } from './rest.ts';

export type Storage = {
  readonly rest: Rest;
  readonly projectId: string;
  readonly createBucket: (name: string, settings?: object) => Promise<void>;
  /** `[key, content, type]` */
  readonly put: (bucket: string, ...objects: readonly (readonly [string, string, string?])[]) => Promise<void>;
  readonly keys: (bucket: string) => Promise<string[]>;
  readonly versions: (bucket: string) => Promise<VersionList['items']>;
  readonly object: (bucket: string, key: string) => Promise<ObjectView>;
  readonly text: (bucket: string, key: string) => Promise<string>;
  readonly open: (bucket: string, search?: string) => Promise<void>;
};

/** `page` is signed in; the default project is used. */
export async function storageOf(page: Page): Promise<Storage> {
  const rest = await restOf(page);
  const { csrfToken } = await rest.get<SessionView>('/session');
  const [project] = (await rest.get<{ items: ProjectView[] }>('/projects')).items;
  if (project === undefined) throw new Error('there is no project');
  const base = `/projects/${project.id}/buckets`;
  const query = (key: string): string => `key=${encodeURIComponent(key)}`;
  return {
    rest,
    projectId: project.id,
    createBucket: async (name, settings = {}) => {
      await rest.post(base, { name, ...settings });
    },
    put: (bucket, ...objects) =>
      page.evaluate(putInPage, { base: `/api/v1${base}/${bucket}/object/content`, objects, csrfToken }),
    keys: async (bucket) => {
      const { items } = await rest.get<ObjectList>(`${base}/${bucket}/objects?delimiter=`);
      return items.map((item) => (item.kind === 'object' ? item.key : item.prefix));
    },
    versions: async (bucket) => (await rest.get<VersionList>(`${base}/${bucket}/versions?delimiter=`)).items,
    object: (bucket, key) => rest.get<ObjectView>(`${base}/${bucket}/object?${query(key)}`),
    text: (bucket, key) =>
      page.evaluate(
        async (url) => await (await fetch(url)).text(),
        `/api/v1${base}/${bucket}/object/content?${query(key)}`,
      ),
    open: async (bucket, search = '') => {
      await page.goto(`/projects/${project.id}/buckets/${bucket}/objects${search}`);
      await page.getByRole('region', { name: 'Objects' }).waitFor();
    },
  };
}

type InPage = { base: string; objects: readonly (readonly [string, string, string?])[]; csrfToken: string };

async function putInPage({ base, objects, csrfToken }: InPage): Promise<void> {
  for (const [key, body, type = 'text/plain'] of objects) {
    const headers = { 'content-type': type, 'x-csrf-token': csrfToken };
    const answer = await fetch(`${base}?key=${encodeURIComponent(key)}`, { method: 'PUT', body, headers });
    if (!answer.ok) throw new Error(await answer.text());
  }
}

/** The names in the listing, in the order shown. */
export async function shownNames(page: Page): Promise<string[]> {
  const rows = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
  return (await rows.allInnerTexts()).map((text) => text.split('\n')[0] ?? '');
}

export const row = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('button', { name, exact: true }) });

export const menuOf = (page: Page, name: string) =>
  page.getByRole('button', { name: `Actions for ${name}`, exact: true });
