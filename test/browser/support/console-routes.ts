// The console's routes, read from the source of its router: a new one is tested without anybody thinking of it.
import { readFile } from 'node:fs/promises';

const ROUTER = new URL('../../../console/src/router.tsx', import.meta.url);

type Declared = { readonly name: string; readonly parent: string; readonly path: string; readonly hasPage: boolean };

function declaredIn(source: string): Map<string, Declared> {
  const blocks = source.matchAll(/^const (\w+) = createRoute\(\{\n([\s\S]*?)^\}\);/gm);
  return new Map(
    [...blocks].map(([, name = '', body = '']) => {
      const parent = /getParentRoute: \(\) => (\w+)/.exec(body)?.[1] ?? '';
      const path = /^ {2}path: '([^']*)'/m.exec(body)?.[1] ?? '';
      return [name, { name, parent, path, hasPage: /^ {2}component:/m.test(body) && path !== '' }];
    }),
  );
}

const fullPath = (routes: ReadonlyMap<string, Declared>, { parent, path }: Declared): string => {
  const above = routes.get(parent);
  return `${above === undefined ? '' : fullPath(routes, above)}${path === '/' ? '' : path}`;
};

const needsSession = (routes: ReadonlyMap<string, Declared>, { name, parent }: Declared): boolean => {
  const above = routes.get(parent);
  return name === 'shell' || (above !== undefined && needsSession(routes, above));
};

export type ConsoleRoute = { readonly path: string; readonly signedIn: boolean };

/** Paths with their parameters, as `/projects/$projectId/buckets`; what only frames others is left out. */
export async function consoleRoutes(): Promise<ConsoleRoute[]> {
  const routes = declaredIn(await readFile(ROUTER, 'utf8'));
  const frames = new Set([...routes.values()].map(({ parent }) => parent));
  return [...routes.values()]
    .filter(({ name, hasPage }) => hasPage && !frames.has(name))
    .map((route) => ({ path: fullPath(routes, route), signedIn: needsSession(routes, route) }));
}
