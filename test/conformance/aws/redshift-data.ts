import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import pg from 'pg';
import { type PostgresServer, startPostgres } from '../../../src/platform/local/postgres/server.ts';
import { Fault, serveJson } from './json-endpoint.ts';
import { copyParquet } from './redshift-copy.ts';

/** The Redshift Data API over a PostgreSQL: for the SQL that the two share, and COPY of Parquet. */
export interface RedshiftData {
  readonly endpoint: string;
  readonly server: PostgresServer;
  /** What was asked, statement by statement. */
  readonly statements: string[];
  /** Whether a statement is still running whenever somebody asks after it for the first time. */
  slow: boolean;
  stop(): Promise<void>;
}

interface Running {
  status: 'STARTED' | 'FINISHED' | 'FAILED';
  error?: string;
  rows?: unknown[][];
  looked?: boolean;
  readonly ended: Promise<void>;
}

type Input = {
  readonly Sql?: string;
  readonly Sqls?: readonly string[];
  readonly Id?: string;
  readonly Parameters?: readonly { readonly name: string; readonly value: string }[];
  readonly WaitTimeSeconds?: number;
  readonly ClientToken?: string;
};

export async function startRedshiftData(s3: S3Client): Promise<RedshiftData> {
  const folder = await mkdtemp('/tmp/redshift-data-');
  await chmod(folder, 0o755);
  // Redshift takes passwords by their MD5 hash; PostgreSQL does where it is told to.
  const hba = path.join(folder, 'hba.conf');
  await writeFile(hba, 'host all all 127.0.0.1/32 md5\n', { mode: 0o644 });
  const server = await startPostgres({
    directory: path.join(folder, 'postgres'),
    settings: { fsync: 'off', hba_file: hba, max_connections: 60 },
  });
  // What Redshift keeps of statements; here nobody is in it but by a test.
  await session((client) =>
    client.query(
      `CREATE TABLE sys_query_history (user_id integer, query_id bigint, database_name text, status text,
         start_time timestamp, end_time timestamp, query_text text)`,
    ),
  );
  const running = new Map<string, Running>();
  const byToken = new Map<string, string>();
  const statements: string[] = [];

  async function session<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: server.url, types: { getTypeParser: () => String } });
    client.on('error', () => undefined);
    await client.connect();
    return work(client).finally(() => client.end());
  }

  async function execute(client: pg.Client, sql: string, parameters: Input['Parameters'] = []) {
    statements.push(sql);
    if (await copyParquet(sql, client, s3)) return [];
    const text = sql
      .replaceAll(
        /:([a-z_]+)\b/g,
        (_, name: string) => `$${parameters.findIndex((p) => p.name === name) + 1}`,
      )
      .replaceAll(' varbyte', ' bytea')
      .replace(/ TO 100 PERCENT$/, '');
    const values = parameters.map(({ value }) => value);
    const answer = await client.query({
      text:
        parameters.length > 0 ? text : sql.replaceAll(' varbyte', ' bytea').replace(/ TO 100 PERCENT$/, ''),
      values,
      rowMode: 'array',
    });
    return answer.rows as unknown[][];
  }

  /** A statement of a known token is not run a second time. */
  function begin({ ClientToken: token }: Input, work: (client: pg.Client) => Promise<unknown[][]>) {
    const before = token === undefined ? undefined : byToken.get(token);
    if (before !== undefined) return { Id: before };
    const one: Running = {
      status: 'STARTED',
      ended: session(work).then(
        (rows) => void Object.assign(one, { status: 'FINISHED', rows }),
        (error: Error) => void Object.assign(one, { status: 'FAILED', error: `ERROR: ${error.message}` }),
      ),
    };
    const Id = randomUUID();
    running.set(Id, one);
    if (token !== undefined) byToken.set(token, Id);
    return { Id };
  }

  const known = (id: string | undefined) => {
    const one = running.get(id ?? '');
    if (!one) throw new Fault('ResourceNotFoundException', `Query does not exist.`);
    return one;
  };

  const api = await serveJson({
    ExecuteStatement: (input: Input) =>
      begin(input, (client) => execute(client, input.Sql!, input.Parameters)),
    BatchExecuteStatement(input: Input) {
      const { Sqls = [] } = input;
      if (Sqls.length < 2 || Sqls.length > 40) {
        throw new Fault('ValidationException', 'Sqls must have between 2 and 40 members');
      }
      return begin(input, async (client) => {
        await client.query('BEGIN');
        for (const sql of Sqls) await execute(client, sql);
        await client.query('COMMIT');
        return [];
      });
    },
    async DescribeStatement({ Id, WaitTimeSeconds = 0 }: Input) {
      const one = known(Id);
      if (data.slow && !one.looked) {
        one.looked = true;
        return { Id, Status: 'STARTED' };
      }
      if (WaitTimeSeconds > 0) await one.ended;
      return { Id, Status: one.status, Error: one.error, HasResultSet: (one.rows?.length ?? 0) > 0 };
    },
    GetStatementResult: ({ Id }: Input) => ({
      Records: known(Id).rows?.map((row) =>
        row.map((cell) => (cell === null ? { isNull: true } : { stringValue: String(cell) })),
      ),
    }),
  });
  const data: RedshiftData = {
    endpoint: api.endpoint,
    server,
    statements,
    slow: false,
    async stop() {
      await api.stop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return data;
}
