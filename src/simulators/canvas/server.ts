import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { College, Row } from '../college/college.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { type ApiParts, answer } from './api.ts';
import { ApiError, notFound, processingError } from './api-errors.ts';
import { readCall } from './call.ts';
import { Files } from './files.ts';
import { Jobs } from './jobs.ts';
import { type CanvasLimits, LimitCounter } from './limits.ts';
import type { SchemaChange } from './schema/schema-changes.ts';
import { readBody, send } from './send.ts';
import { ServedTables } from './served-tables.ts';
import { type Boundaries, lastInstant } from './time-range.ts';
import { Tokens } from './tokens.ts';
import { truthOf } from './truth.ts';

export interface CanvasSimulatorOptions {
  readonly college: College;
  readonly clock: VirtualClock;
  /** Default: a free port. */
  readonly port?: number;
  /** Default: no limits. `CANVAS_LIMITS` are the platform's own. */
  readonly limits?: CanvasLimits;
  /** By which the minutes of the limits are counted. Default: the machine's clock. */
  readonly limitClock?: { now(): number };
  /** Default: since-inclusive, as the platform's OpenAPI document says. */
  readonly boundaries?: Boundaries;
  /** Default: 50,000. */
  readonly rowsPerFile?: number;
  /** How long a job takes: ms of the virtual clock, and polls answered "running". Default: done at once. */
  readonly jobDelay?: { readonly ms?: number; readonly polls?: number };
  /** The platform takes in new data at whole multiples of this, in ms. Default: 0, always up to date. */
  readonly refreshMs?: number;
  /** Default: 3600. */
  readonly tokenSeconds?: number;
  readonly schemaChanges?: readonly SchemaChange[];
  /** 1 to 9. Default: 1, the fastest. */
  readonly gzipLevel?: number;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

export interface CanvasSimulator {
  /** What a client puts in front of `/dap/…` and `/ids/…`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: VirtualClock;
  /**
   * The rows that a lake which has loaded everything up to now should hold, keyed by column, with the server's
   * own defaults and placeholders.
   */
  truth(namespace: string, table: string): Row[];
  /** From now on increments of the table from before now are refused: it has been loaded anew. */
  reload(namespace: string, table: string): void;
  /** Changes a table's schema now, or at the instant that the change names. */
  changeSchema(change: SchemaChange): void;
  setLimits(limits: CanvasLimits): void;
  stop(): Promise<void>;
}

/** Starts a Data Access Platform on the loopback interface that serves a college's Canvas. */
export async function startCanvasSimulator(options: CanvasSimulatorOptions): Promise<CanvasSimulator> {
  const { college, clock, boundaries = 'since-inclusive' } = options;
  const client = {
    id: options.clientId ?? 'us-east-1#campus-simulator',
    secret: options.clientSecret ?? 'simulated-secret',
  };
  const now = () => clock.now();
  const refresh = options.refreshMs ?? 0;
  const asOf = () => (refresh > 0 ? Math.floor(now() / refresh) * refresh : now());
  const tables = new ServedTables(college, options.schemaChanges ?? []);
  const jobs = new Jobs({
    now,
    asOf,
    boundaries,
    rowsPerFile: options.rowsPerFile ?? 50_000,
    earliest: college.opens,
    delay: { ms: options.jobDelay?.ms ?? 0, polls: options.jobDelay?.polls ?? 0 },
  });
  const files = new Files(jobs, {
    now,
    opens: college.opens,
    gzipLevel: options.gzipLevel ?? 1,
    cacheBytes: 64 * 1024 * 1024,
  });
  let url = '';
  const parts: ApiParts = {
    now,
    tables,
    jobs,
    files,
    tokens: new Tokens(client, now, options.tokenSeconds ?? 3600),
    limits: new LimitCounter(options.limits ?? {}, () => (options.limitClock ?? Date).now()),
    origin: () => url,
  };
  const server = createServer((request, response) => {
    void serve(parts, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    clientId: client.id,
    clientSecret: client.secret,
    clock,
    truth: (namespace, table) =>
      truthOf(tables.get(namespace, table), now(), lastInstant(boundaries, asOf()), college.opens),
    reload: (namespace, table) => void tables.get(namespace, table).reloads.push(now()),
    changeSchema: (change) => void tables.schemaChanges.push(change),
    setLimits: (limits) => {
      parts.limits.limits = limits;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(parts: ApiParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await send(response, await answerTo(parts, request), parts.now()).catch(() => response.destroy());
}

async function answerTo(parts: ApiParts, request: IncomingMessage): Promise<Answer> {
  try {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const call = readCall(request.method ?? 'GET', url, request.headers, await readBody(request));
    if (!call) throw notFound('path', url.pathname);
    return await answer(parts, call);
  } catch (error) {
    if (error instanceof ApiError) return error.answer;
    const message = error instanceof Error ? error.message : String(error);
    return error instanceof URIError
      ? jsonAnswer(400, { error: { message } })
      : processingError(message).answer;
  }
}
