import type { ReadToken } from '../../src/api/auth/jwt.ts';
import { DataApi, type OpenAs } from '../../src/api/data-api.ts';
import type { RestEndpoint } from '../../src/api/rest/endpoint.ts';
import { QueryPages } from '../../src/app/query/query-pages.ts';
import { workbenchApp } from '../../web/server/app.ts';
import type { Deeds } from '../../web/server/deed-routes.ts';
import { openGuard } from '../../web/server/guard.ts';
import type { LakeNowOpen } from '../../web/server/workbench-lake.ts';

export const HOST = '127.0.0.1:8480';

interface ProgramParts {
  readonly openAs?: OpenAs;
  readonly readToken?: ReadToken;
  readonly endpoints?: readonly RestEndpoint[];
  readonly deeds?: Deeds;
}

/** A workbench without a socket and without a browser, of a page that is only a name. */
export async function openWorkbench(
  open: LakeNowOpen = () => Promise.reject(new Error('no lake')),
  token?: string,
  {
    openAs = () => Promise.reject(new Error('no lake')),
    readToken,
    endpoints = [],
    deeds,
  }: ProgramParts = {},
) {
  const guard = openGuard(() => 8480);
  const pages = new QueryPages();
  const ends = new AbortController();
  const bundle = {
    scripts: ['main-A.js'],
    style: 'style-A.css',
    files: new Map([['main-A.js', Buffer.from('1')]]),
    firstBytes: 1,
  };
  const data =
    token === undefined
      ? undefined
      : { api: new DataApi(openAs), openAs, token, endpoints, ...(readToken ? { readToken } : {}) };
  const app = workbenchApp({
    open,
    pages,
    bundle,
    guard,
    ends: ends.signal,
    ...(data ? { data } : {}),
    ...(deeds ? { deeds } : {}),
  });
  const link = guard.newLink();
  const entered = await app.request(`http://${HOST}${link}`, { headers: { host: HOST } });
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0]!;
  const ask = (
    path: string,
    init: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
  ) =>
    app.request(`http://${HOST}${path}`, {
      method: init.method,
      headers: {
        host: HOST,
        cookie,
        ...(init.method ? { origin: `http://${HOST}`, 'content-type': 'application/json' } : {}),
        ...init.headers,
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
  return {
    link,
    entered,
    ask,
    newLink: guard.newLink,
    json: async (path: string, init?: Parameters<typeof ask>[1]) => {
      const response = await ask(path, init);
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
      return { status: response.status, body: (await response.json()) as any };
    },
    close: async () => {
      ends.abort();
      await pages.close();
    },
  };
}
