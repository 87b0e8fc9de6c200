import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { ReadToken } from '../../src/api/auth/jwt.ts';
import { DataApi, type OpenAs } from '../../src/api/data-api.ts';
import type { RestEndpoint } from '../../src/api/rest/endpoint.ts';
import { QueryPages } from '../../src/app/query/query-pages.ts';
import { InputError } from '../../src/errors.ts';
import { workbenchApp } from './app.ts';
import { bundlePage } from './bundle.ts';
import { newToken } from './data-routes.ts';
import type { Deeds } from './deed-routes.ts';
import { openGuard } from './guard.ts';
import type { LakeNowOpen } from './workbench-lake.ts';

const GRACE_MS = 300;

/** A workbench that is served. */
export interface ServedWorkbench {
  readonly port: number;
  /** What programs ask the data API with. */
  readonly token: string;
  /** A link that lets one browser in, once. */
  newLink(): string;
  /** Ends requests under way and statements, and removes what was kept for scrolling. */
  close(): Promise<void>;
}

/** How the workbench is served. */
interface ServeOptions {
  /** What the page can set going. Default: nothing. */
  readonly deeds?: Deeds;
  /** 0: one that is free. */
  readonly port: number;
  /** How the lake is opened for programs. */
  readonly openAs: OpenAs;
  /** Default: a new one. */
  readonly token?: string;
  /** Saved queries with addresses of their own. Default: none. */
  readonly endpoints?: readonly RestEndpoint[];
  /** Default: signed tokens are not taken. */
  readonly readToken?: ReadToken;
}

/**
 * Serves the workbench on loopback.
 * @throws InputError where the port is taken
 */
export async function serveWorkbench(
  open: LakeNowOpen,
  { port: wanted, openAs, token = newToken(), readToken, endpoints = [], deeds }: ServeOptions,
): Promise<ServedWorkbench> {
  let port = wanted;
  const ended = new AbortController();
  const pages = new QueryPages();
  const guard = openGuard(() => port);
  const data = { api: new DataApi(openAs), openAs, token, endpoints, ...(readToken ? { readToken } : {}) };
  const app = workbenchApp({
    open,
    pages,
    bundle: await bundlePage(),
    guard,
    data,
    ends: ended.signal,
    ...(deeds ? { deeds } : {}),
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(refused(error, wanted)));
    server.listen(wanted, '127.0.0.1', done);
  });
  port = (server.address() as AddressInfo).port;
  return {
    port,
    token,
    newLink: () => `http://127.0.0.1:${port}${guard.newLink()}`,
    close: async () => {
      ended.abort();
      const closed = new Promise<void>((done) => server.close(() => done()));
      // Streams end by themselves; what does not within this time is cut.
      const force = setTimeout(
        () => 'closeAllConnections' in server && server.closeAllConnections(),
        GRACE_MS,
      );
      if ('closeIdleConnections' in server) server.closeIdleConnections();
      await Promise.all([closed, pages.close()]);
      clearTimeout(force);
    },
  };
}

const refused = (error: NodeJS.ErrnoException, port: number): Error =>
  error.code === 'EADDRINUSE'
    ? new InputError(`Port ${port} is taken.`, {
        hint: 'give another one with --port, or 0 for any that is free',
      })
    : new InputError(`Port ${port} cannot be opened: ${error.code ?? 'unknown cause'}.`, { cause: error });
