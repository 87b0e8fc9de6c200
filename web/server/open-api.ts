import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { errorSchema } from '../answers.ts';

/** A route that answers in JSON. */
export interface JsonRoute<Answer extends z.ZodType, Body extends z.ZodType, Query extends z.ZodType> {
  readonly method: 'get' | 'post' | 'delete';
  /** In the manner of Hono: `/api/runs/:run`. */
  readonly path: string;
  readonly summary: string;
  readonly answer: Answer;
  /** Default: none. */
  readonly body?: Body;
  /** Default: none. */
  readonly query?: Query;
  readonly handle: (
    given: {
      readonly body: z.output<Body>;
      readonly query: z.output<Query>;
      readonly path: Readonly<Record<string, string>>;
    },
    context: Context,
  ) => Promise<z.input<Answer>>;
}

/** The server's routes, and the OpenAPI document that is made of them. */
export const openRoutes = () => new OpenAPIHono();

/** Adds a route. What it answers passes its schema, so that nothing leaves that is not described. */
export function addJson<Answer extends z.ZodType, Body extends z.ZodType, Query extends z.ZodType>(
  app: OpenAPIHono,
  { method, path, summary, answer, body, query, handle }: JsonRoute<Answer, Body, Query>,
): void {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
  app.openAPIRegistry.registerPath({
    method,
    path: path.replaceAll(/:(\w+)/g, '{$1}'),
    summary,
    request: {
      ...(names.length > 0
        ? { params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }
        : {}),
      ...(query instanceof z.ZodObject ? { query } : {}),
      ...(body ? { body: { content: { 'application/json': { schema: body } }, required: true } } : {}),
    },
    responses: {
      200: { description: summary, content: { 'application/json': { schema: answer } } },
      default: { description: 'What went wrong', content: { 'application/json': { schema: errorSchema } } },
    },
  });
  app.on(method.toUpperCase(), path, async (c) => {
    const given = {
      body: (body ? body.parse(await c.req.json().catch(() => undefined)) : undefined) as z.output<Body>,
      query: (query ? query.parse(c.req.query()) : undefined) as z.output<Query>,
      path: c.req.param() as Record<string, string>,
    };
    return c.json(answer.parse(await handle(given, c)) as Record<string, unknown>);
  });
}
