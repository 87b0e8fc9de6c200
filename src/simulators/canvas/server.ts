import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './answer.ts';
import { type ApiParts, answer } from './api.ts';
import { ApiError, notFound, processingError, validationError } from './api-errors.ts';
import { readCall } from './call.ts';
import { CONTROL_PATH, control, controlFailure } from './control.ts';
import { FaultScript } from './faults/fault-script.ts';
import { Files } from './files.ts';
import { Jobs } from './jobs.ts';
import { LimitCounter } from './limits.ts';
import { readBody, send } from './send.ts';
import { ServedTables } from './served-tables.ts';
import type { CanvasSimulator, CanvasSimulatorOptions } from './simulator.ts';
import { lastInstant } from './time-range.ts';
import { Tokens } from './tokens.ts';
import { truthOf } from './truth.ts';

export type { CanvasSimulator, CanvasSimulatorOptions };

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
  const until = options.until ?? 'clock';
  const jobs = new Jobs({
    now,
    asOf,
    boundaries,
    until,
    tickMs: options.tickMs ?? 1,
    rowsPerFile: options.rowsPerFile ?? 50_000,
    gzipLevel: options.gzipLevel ?? 1,
    opens: college.opens,
    earliest: college.opens,
    delay: { ms: options.jobDelay?.ms ?? 0, polls: options.jobDelay?.polls ?? 0 },
  });
  const files = new Files(jobs, now);
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
  const faults = new FaultScript(options.seed);
  faults.add(...(options.faults ?? []));
  const server = createServer((request, response) => {
    void serve({ parts, simulator }, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const simulator: CanvasSimulator = {
    url,
    clientId: client.id,
    clientSecret: client.secret,
    clock,
    get limits() {
      return parts.limits.limits;
    },
    faults,
    tables: (namespace) => tables.list(namespace),
    truth: (namespace, table) =>
      truthOf(
        tables.get(namespace, table),
        now(),
        until === 'clock' ? lastInstant(boundaries, asOf()) : asOf(),
        college.opens,
      ),
    reload: (namespace, table) => void tables.get(namespace, table).reloads.push(now()),
    changeSchema: (change) => void tables.schemaChanges.push(change),
    setLimits: (limits) => {
      parts.limits.limits = limits;
    },
    forgetJobs: () => jobs.forgetAll(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return simulator;
}

interface Serving {
  readonly parts: ApiParts;
  readonly simulator: CanvasSimulator;
}

async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answered = await answerTo(serving, request);
  await send(response, answered, serving.parts.now()).catch(() => response.destroy());
}

async function answerTo({ parts, simulator }: Serving, request: IncomingMessage): Promise<Answer> {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  try {
    const body = await readBody(request);
    if (url.pathname.startsWith(CONTROL_PATH)) return controlAnswer(simulator, method, url, body);
    const call = readCall(method, url, request.headers, body);
    if (!call) throw notFound('path', url.pathname);
    return await simulator.faults.answer(parts, call, () => answer(parts, call));
  } catch (error) {
    if (error instanceof ApiError) return error.answer;
    const message = error instanceof Error ? error.message : String(error);
    return error instanceof URIError ? validationError(message).answer : processingError(message).answer;
  }
}

function controlAnswer(simulator: CanvasSimulator, method: string, url: URL, body: string): Answer {
  try {
    return control(simulator, method, url, body);
  } catch (error) {
    return controlFailure(error);
  }
}
