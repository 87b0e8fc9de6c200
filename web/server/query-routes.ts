import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { shownCell, toJson } from '../../src/app/query/cell-text.ts';
import { completionNames } from '../../src/app/query/completion.ts';
import { csvLine } from '../../src/app/query/csv.ts';
import { exportParquet, type QueryAnswer, queryLake } from '../../src/app/query/query-lake.ts';
import type { QueryPages } from '../../src/app/query/query-pages.ts';
import { savedQueries, saveQuery } from '../../src/app/query/saved-queries.ts';
import type { Cell } from '../../src/ports/query-engine.ts';
import {
  answerSchema,
  completionSchema,
  pageSchema,
  questionSchema,
  savedQueriesSchema,
  savedQuerySchema,
  toSaveSchema,
} from '../answers.ts';
import { addJson } from './open-api.ts';
import type { LakeNowOpen } from './workbench-lake.ts';

/** How an export is named in `ops.access`. */
const DESTINATION = 'download from the workbench';

/** Statements of a person: asked once, scrolled in pages, exported whole. */
export function addQueryRoutes(app: OpenAPIHono, open: LakeNowOpen, pages: QueryPages): void {
  /** By the id of an answer, its statement: an export runs it again, so that it has all rows. */
  const statements = new Map<string, string>();
  addJson(app, {
    method: 'get',
    path: '/api/completion',
    summary: 'Tables, columns and functions that a statement of this role may name',
    answer: completionSchema,
    handle: async () => completionNames(await open()),
  });
  addJson(app, {
    method: 'post',
    path: '/api/answers',
    summary: "Run a SELECT in Athena's SQL; its rows are kept for a while",
    body: questionSchema,
    answer: answerSchema,
    handle: async ({ body: { sql } }, c) => {
      const lake = await open();
      const answer = await pages.start((signal) => queryLake(lake, { sql, signal }), c.req.raw.signal);
      statements.set(answer.id, sql);
      return answer;
    },
  });
  addJson(app, {
    method: 'get',
    path: '/api/answers/:id',
    summary: 'How far a statement is',
    answer: answerSchema,
    handle: async ({ path }) => pages.look(path.id!),
  });
  addJson(app, {
    method: 'get',
    path: '/api/answers/:id/rows',
    summary: 'Rows of an answer',
    query: z.object({
      from: z.coerce.number().int().min(0),
      count: z.coerce.number().int().min(1).max(1000),
    }),
    answer: pageSchema,
    handle: async ({ path, query }) => pages.page(path.id!, query.from, query.count),
  });
  addJson(app, {
    method: 'delete',
    path: '/api/answers/:id',
    summary: 'Stop a statement and forget its rows',
    answer: z.object({}),
    handle: async ({ path }) => {
      statements.delete(path.id!);
      await pages.forget(path.id!);
      return {};
    },
  });
  addJson(app, {
    method: 'get',
    path: '/api/queries',
    summary: 'Saved queries that name only tables of this role',
    answer: savedQueriesSchema,
    handle: async () => ({ queries: await savedQueries(await open()) }),
  });
  addJson(app, {
    method: 'post',
    path: '/api/queries',
    summary: 'Save a query as a file of the repository',
    body: toSaveSchema,
    answer: savedQuerySchema,
    handle: async ({ body }) => saveQuery(await open(), body),
  });
  app.get('/api/answers/:id/export/:format{csv|parquet}', async (c) => {
    const { id, format } = c.req.param();
    pages.look(id);
    const sql = statements.get(id) ?? '';
    const lake = await open();
    const signal = c.req.raw.signal;
    c.header('Content-Disposition', `attachment; filename="answer.${format}"`);
    if (format === 'csv') {
      const answer = await queryLake(lake, { sql, signal, destination: DESTINATION });
      return c.body(
        Readable.toWeb(Readable.from(csvOf(answer), { objectMode: false })) as ReadableStream,
        200,
        {
          'Content-Type': 'text/csv; charset=utf-8',
        },
      );
    }
    const folder = await mkdtemp(join(tmpdir(), 'lake-export-'));
    const remove = () => rm(folder, { recursive: true, force: true });
    try {
      const file = join(folder, 'answer.parquet');
      await exportParquet(lake, { sql, signal, destination: DESTINATION }, file);
      const stream = createReadStream(file);
      stream.once('close', () => void remove());
      return c.body(Readable.toWeb(stream) as ReadableStream, 200, {
        'Content-Type': 'application/vnd.apache.parquet',
      });
    } catch (error) {
      await remove();
      throw error;
    }
  });
}

/** All rows, as `lake query --format csv` prints them. */
async function* csvOf({ columns, batches }: QueryAnswer): AsyncGenerator<Buffer> {
  const show = columns.map(shownCell);
  const inWords = (cell: Cell): string =>
    cell === null ? '' : typeof cell === 'object' ? toJson(cell) : String(cell);
  const line = (cells: readonly Cell[]) => csvLine(cells, inWords, {});
  yield Buffer.from(line(columns.map(({ name }) => name)));
  for await (const batch of batches())
    yield Buffer.from(batch.map((row) => line(row.map((cell, i) => show[i]!(cell)))).join(''));
}
