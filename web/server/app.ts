import { setMaxListeners } from 'node:events';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { streamSSE } from 'hono/streaming';
import type { QueryPages } from '../../src/app/query/query-pages.ts';
import type { Bundle } from './bundle.ts';
import { addDataRoutes, type DataParts } from './data-routes.ts';
import { addDeedRoutes, type Deeds } from './deed-routes.ts';
import { answerError } from './failures.ts';
import type { Guard } from './guard.ts';
import { addHealthRoutes } from './health-routes.ts';
import { Live } from './live.ts';
import { addNotebookPages } from './notebook-pages.ts';
import { addNotebookRoutes } from './notebook-routes.ts';
import { openRoutes } from './open-api.ts';
import { escaped } from './plain-page.ts';
import { addQueryRoutes } from './query-routes.ts';
import { addReadRoutes } from './read-routes.ts';
import { addTrustRoutes } from './trust-routes.ts';
import type { LakeNowOpen } from './workbench-lake.ts';

/** What the server is made of. */
export interface WorkbenchParts {
  readonly open: LakeNowOpen;
  readonly pages: QueryPages;
  readonly bundle: Bundle;
  readonly guard: Guard;
  /** Default: programs are not answered. */
  readonly data?: DataParts;
  /** Default: no run is begun and no setting changed from the page. */
  readonly deeds?: Deeds;
  /** Aborted when the server ends: open streams end with it. */
  readonly ends: AbortSignal;
}

/** No script and no style but the server's own files; nothing may frame it, and it speaks to nobody else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
};

const BEAT_MS = 15_000;

/** The workbench's server: the page, and the use cases as JSON. */
export function workbenchApp({ open, pages, bundle, guard, data, deeds, ends }: WorkbenchParts): OpenAPIHono {
  // Every page that is open listens to it.
  setMaxListeners(0, ends);
  const app = openRoutes();
  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
    await next();
  });
  app.use(guard.check);
  app.get('/enter', guard.enter);
  app.use('/api/*', async (c, next) => {
    await next();
    // Kept by the browser alone, and asked for again each time: a 304 costs nothing.
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'private, no-cache');
  });
  app.on(
    'GET',
    [
      '/api/now',
      '/api/me',
      '/api/datasets/*',
      '/api/datasets',
      '/api/runs/*',
      '/api/runs',
      '/api/completion',
      '/api/dictionary',
    ],
    etag(),
  );
  app.use('/api/students', async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  app.use('/api/answers/*', async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  app.use('/api/*', compress());
  addReadRoutes(app, open);
  addTrustRoutes(app, open);
  addNotebookPages(app, open);
  addDeedRoutes(app, open, deeds);
  addQueryRoutes(app, open, pages);
  if (data) addDataRoutes(app, data);
  if (data) addNotebookRoutes(app, data);
  addHealthRoutes(app, open, data);
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'campus-lake workbench', version: '1' },
  });
  const live = new Live(open);
  app.get('/api/events', (c) =>
    streamSSE(c, async (stream) => {
      const stop = live.listen(
        (pulse) => void stream.writeSSE({ event: 'pulse', data: JSON.stringify(pulse) }),
      );
      const beat = setInterval(() => void stream.writeSSE({ event: 'beat', data: '' }), BEAT_MS);
      await new Promise<void>((done) => {
        const over = () => {
          ends.removeEventListener('abort', over);
          done();
        };
        stream.onAbort(over);
        ends.addEventListener('abort', over);
      });
      clearInterval(beat);
      stop();
    }),
  );
  app.all('/api/*', (c) => c.json({ error: { code: 'no-route', message: 'There is no such answer.' } }, 404));
  app.get('/assets/:file', (c) => {
    const name = c.req.param('file');
    const file = bundle.files.get(name);
    if (!file) return c.text('There is no such file; the page may be of an earlier start.', 404);
    c.header('Cache-Control', 'private, max-age=31536000, immutable');
    c.header(
      'Content-Type',
      name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
    );
    return c.body(file as Uint8Array<ArrayBuffer>);
  });
  const index = indexPage(bundle);
  app.get('*', (c) => {
    c.header('Cache-Control', 'no-cache');
    return c.html(index);
  });
  app.onError(answerError);
  return app;
}

const indexPage = ({ scripts, style }: Bundle): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>campus-lake</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<link rel="stylesheet" href="/assets/${escaped(style)}">
${scripts
  .slice(1)
  .map((name) => `<link rel="modulepreload" href="/assets/${escaped(name)}">`)
  .join('\n')}
<script type="module" src="/assets/${escaped(scripts[0]!)}"></script>
</head>
<body>
<div id="page"></div>
<noscript>The workbench needs JavaScript.</noscript>
</body>
</html>
`;

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M1 6q3.5-3 7 0t7 0v3q-3.5 3-7 0t-7 0z" fill="#2a6fb5"/></svg>';
