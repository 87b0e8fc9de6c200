import { type Answer, jsonAnswer, textAnswer } from './answer.ts';
import { ApiError, notFound } from './api-errors.ts';
import { ControlError } from './errors.ts';
import type { Fault } from './faults/fault.ts';
import { FAULT_KINDS, type FaultName } from './faults/fault-kinds.ts';
import { jsonText } from './formats/scalars.ts';
import type { CanvasLimits } from './limits.ts';
import type { SchemaChange } from './schema/schema-changes.ts';
import type { CanvasSimulator } from './simulator.ts';

export const CONTROL_PATH = '/_simulator';

/**
 * The door by which another process drives the simulator; it needs no token, since the server listens on the
 * loopback interface only.
 *
 * - `GET /_simulator`: clock, limits, jobs kept, faults that struck
 * - `POST /_simulator/clock`: `{"advanceMs": 86400000}` or `{"advanceTo": "2026-02-01T00:00:00Z"}`
 * - `GET /_simulator/faults`: the kinds there are; `POST`: a list of faults to add; `DELETE`: none any more
 * - `POST /_simulator/limits`: calls per minute by door, e.g. `{"create-job": 5}`
 * - `DELETE /_simulator/jobs`: forgets every job, as the platform does after 24 hours
 * - `POST /_simulator/reload`: `{"namespace": "canvas", "table": "users"}`, see `CanvasSimulator.reload`
 * - `POST /_simulator/schema`: a `SchemaChange`; without `at` it happens now
 * - `GET /_simulator/truth?namespace=canvas&table=users`: the rows a lake should hold, as JSON Lines
 */
export function control(simulator: CanvasSimulator, method: string, url: URL, body: string): Answer {
  const request = `${method} ${url.pathname.slice(CONTROL_PATH.length).replace(/\/$/, '')}`;
  const given = () => readObject(body);
  switch (request) {
    case 'GET ':
      return stateAnswer(simulator);
    case 'POST /clock':
      moveClock(simulator, given());
      return stateAnswer(simulator);
    case 'GET /faults':
      return jsonAnswer(
        200,
        FAULT_KINDS.map(({ what, about, calls, endpoints }) => ({
          what,
          about,
          calls,
          endpoints: [...endpoints],
        })),
      );
    case 'POST /faults':
      simulator.faults.add(...(readJson(body) as Fault<FaultName>[]));
      return stateAnswer(simulator);
    case 'DELETE /faults':
      simulator.faults.clear();
      return stateAnswer(simulator);
    case 'POST /limits':
      simulator.setLimits(given() as CanvasLimits);
      return stateAnswer(simulator);
    case 'DELETE /jobs':
      simulator.forgetJobs();
      return stateAnswer(simulator);
    case 'POST /reload': {
      const { namespace, table } = given();
      simulator.reload(String(namespace), String(table));
      return stateAnswer(simulator);
    }
    case 'POST /schema':
      simulator.changeSchema({ at: simulator.clock.now(), ...given() } as unknown as SchemaChange);
      return stateAnswer(simulator);
    case 'GET /truth': {
      const name = (key: string) => url.searchParams.get(key) ?? '';
      const rows = simulator.truth(name('namespace'), name('table'));
      return textAnswer(200, 'application/jsonlines', rows.map((row) => `${jsonText(row)}\n`).join(''));
    }
    default:
      throw notFound('path', url.pathname);
  }
}

/** What a wrong request to the control door is answered. */
export function controlFailure(error: unknown): Answer {
  if (error instanceof ApiError) return error.answer;
  return jsonAnswer(400, { error: { message: error instanceof Error ? error.message : String(error) } });
}

function stateAnswer({ clock, url, limits, faults }: CanvasSimulator): Answer {
  return jsonAnswer(200, {
    url,
    now: new Date(clock.now()).toISOString(),
    running: clock.running,
    limits: { ...limits },
    struck: faults.struck.map(({ what, endpoint, namespace = null, table = null, at }) => ({
      what,
      endpoint,
      namespace,
      table,
      at: new Date(at).toISOString(),
    })),
  });
}

function moveClock({ clock }: CanvasSimulator, move: Record<string, unknown>): void {
  const byMs = typeof move.advanceMs === 'number' ? clock.now() + move.advanceMs : undefined;
  const to = byMs ?? Date.parse(String(move.advanceTo));
  if (Number.isNaN(to))
    throw new ControlError('Expected "advanceMs", a number, or "advanceTo", a timestamp.');
  clock.advanceTo(to);
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new ControlError('The body is no JSON.', { cause: error });
  }
}

function readObject(body: string): Record<string, unknown> {
  const value = readJson(body);
  if (typeof value !== 'object' || value === null) throw new ControlError('Expected a JSON object.');
  return value as Record<string, unknown>;
}
