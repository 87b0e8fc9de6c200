import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { columnInfo, datum } from './athena-cells.ts';
import { planStatement, UNLOADS } from './athena-statements.ts';
import { openTableFormat } from './glue-iceberg.ts';
import { TrinoError, type TrinoResult, trinoQuery } from './trino-client.ts';

/** An endpoint that speaks Athena's API before a real Trino, and Glue's before an emulator of it. */
export interface AthenaEndpoint {
  readonly url: string;
  /** Every statement that was asked for, in order. */
  readonly statements: readonly string[];
  /** So many statements to come are refused, as Athena does when too many wait already. */
  busy(times: number): void;
  stop(): Promise<void>;
}

interface Execution {
  readonly id: string;
  readonly sql: string;
  readonly stop: AbortController;
  state: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  reason?: string;
  result?: TrinoResult;
}

type Body = Record<string, unknown>;
/** An answer, or an error of the service by its name. */
type Answer = Body | { readonly error: string; readonly message: string };

const LONGEST_QUERY = 262_144;
const MOST_ROWS = 1000;

export interface AthenaEndpointOptions {
  /** How old a snapshot is that VACUUM removes, in Trino's words. Default: five days, as in Athena. */
  readonly vacuumAge?: string;
}

export async function startAthenaEndpoint(
  trino: string,
  aws: string,
  options: AthenaEndpointOptions = {},
): Promise<AthenaEndpoint> {
  let refusals = 0;
  const executions = new Map<string, Execution>();
  const tokens = new Map<string, Execution>();
  const statements: string[] = [];

  function start({ QueryString, ClientRequestToken }: Body): Answer {
    const sql = String(QueryString);
    const token = String(ClientRequestToken);
    if (token.length < 32 || token.length > 128)
      return invalid('the client request token has no valid length');
    if (Buffer.byteLength(sql) > LONGEST_QUERY) return invalid('the query is too long');
    const known = tokens.get(token);
    if (known && known.sql !== sql) return invalid('Idempotent parameters do not match');
    if (known) return { QueryExecutionId: known.id };
    if (refusals > 0) {
      refusals--;
      return { error: 'TooManyRequestsException', message: 'too many queries are waiting' };
    }
    const execution: Execution = { id: randomUUID(), sql, stop: new AbortController(), state: 'RUNNING' };
    executions.set(execution.id, execution);
    tokens.set(token, execution);
    statements.push(sql);
    void execute(execution);
    return { QueryExecutionId: execution.id };
  }

  async function execute(execution: Execution): Promise<void> {
    const { id, sql, stop } = execution;
    const ask = (statement: string) => trinoQuery(trino, statement, stop.signal);
    try {
      const plan = planStatement(sql, id, options);
      if ('refused' in plan) throw new TrinoError('NOT_SUPPORTED', plan.refused);
      if (plan.kind === 'steps') for (const statement of plan.statements) await ask(statement);
      else execution.result = await ask(plan.sql);
      if (plan.kind === 'unload') await glue('DeleteTable', { DatabaseName: UNLOADS, Name: plan.table });
      execution.state = 'SUCCEEDED';
    } catch (error) {
      execution.state = stop.signal.aborted ? 'CANCELLED' : 'FAILED';
      const { code = 'INTERNAL', message } = error as Partial<TrinoError> & Error;
      execution.reason = `${code}: ${message}`;
    }
  }

  async function glue(action: string, body: Body): Promise<void> {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSGlue.${action}` };
    const response = await fetch(aws, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`Glue ${action}: ${await response.text()}`);
  }

  function describe({ QueryExecutionId }: Body): Answer {
    const found = executions.get(String(QueryExecutionId));
    if (!found) return invalid('there is no such query');
    const Status = { State: found.state, StateChangeReason: found.reason };
    const Statistics = { DataScannedInBytes: 0 };
    return { QueryExecution: { QueryExecutionId: found.id, Query: found.sql, Status, Statistics } };
  }

  function results({ QueryExecutionId, NextToken, MaxResults }: Body): Answer {
    const found = executions.get(String(QueryExecutionId));
    if (found?.state !== 'SUCCEEDED' || !found.result) return invalid('the query has no results');
    const { columns, rows } = found.result;
    const size = Math.min(Number(MaxResults ?? MOST_ROWS), MOST_ROWS);
    const from = Number(NextToken ?? 0);
    const heading = { Data: columns.map(({ name }) => ({ VarCharValue: name })) };
    // The heading takes a row of the first page.
    const to = from + size - (from === 0 ? 1 : 0);
    const page = rows
      .slice(from, to)
      .map((row) => ({ Data: row.map((value, i) => datum(value, columns[i]!.type)) }));
    return {
      ResultSet: {
        Rows: from === 0 ? [heading, ...page] : page,
        ResultSetMetadata: { ColumnInfo: columns.map(columnInfo) },
      },
      ...(to < rows.length ? { NextToken: String(to) } : {}),
    };
  }

  function stopQuery({ QueryExecutionId }: Body): Answer {
    const found = executions.get(String(QueryExecutionId));
    if (!found) return invalid('there is no such query');
    found.stop.abort();
    if (found.state === 'RUNNING') found.state = 'CANCELLED';
    return {};
  }

  const ATHENA: Record<string, (body: Body) => Answer> = {
    StartQueryExecution: start,
    GetQueryExecution: describe,
    GetQueryResults: results,
    StopQueryExecution: stopQuery,
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const [service = '', action = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    if (service === 'AmazonAthena' && ATHENA[action]) return send(response, ATHENA[action](JSON.parse(body)));
    if (service !== 'AWSGlue') return send(response, invalid(`${service}.${action} is not served here`));
    const iceberg = openTableFormat(action, JSON.parse(body));
    if (iceberg) {
      try {
        for (const statement of await iceberg((sql) => trinoQuery(trino, sql)))
          await trinoQuery(trino, statement);
        return send(response, {});
      } catch (error) {
        const { message } = error as Error;
        const exists = action === 'CreateTable' && /already exists/i.test(message);
        return send(response, exists ? { error: 'AlreadyExistsException', message } : invalid(message));
      }
    }
    const {
      'x-amz-target': target,
      'content-type': type,
      authorization,
    } = request.headers as Record<string, string>;
    const headers = { 'x-amz-target': target!, 'content-type': type!, authorization: authorization! };
    const answer = await fetch(aws, { method: 'POST', headers, body });
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(await answer.text());
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error) => send(response, invalid(String(error))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    statements,
    busy: (times) => {
      refusals = times;
    },
    async stop() {
      for (const execution of executions.values()) execution.stop.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const invalid = (message: string): Answer => ({ error: 'InvalidRequestException', message });

function send(response: ServerResponse, answer: Answer): void {
  const failed = 'error' in answer;
  response.writeHead(failed ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(failed ? { __type: answer.error, message: answer.message } : answer));
}
