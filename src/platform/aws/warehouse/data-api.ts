import { createHash } from 'node:crypto';
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  type DescribeStatementResponse,
  ExecuteStatementCommand,
  type Field,
  paginateGetStatementResult,
  type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { LakeError } from '../../../errors.ts';
import { StillRunningError } from '../../../ports/errors.ts';
import type { Clock } from '../../../ports/platform.ts';
import type { WaitBudget } from '../../../ports/query-engine.ts';
import { called } from '../errors.ts';
import { redshiftFault } from './redshift-fault.ts';

export interface DataApiOptions {
  readonly redshift: RedshiftDataClient;
  readonly workgroup: string;
  readonly database: string;
  /** Secret of the user. Absent: the caller's own identity. */
  readonly secretArn?: string;
  readonly clock: Clock;
  /** How long statements are waited for, and the mark by which they are found again. Default: to their end. */
  readonly budget?: WaitBudget;
}

/** What one call takes: https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html */
export const STATEMENTS_AT_ONCE = 40;
/** Each answer is waited for so long before it is asked for again, in seconds. */
const LONG_POLL_SECONDS = 20;
const SHORTEST_POLL_MS = 100;
const LONGEST_POLL_MS = 5_000;
/** After so long one process hands over to the next, however short its statements are: Lambda gives it 15 minutes. */
const SHIFT_MS = 600_000;
const ASK_AGAIN_SECONDS = 20;

/** A statement that Redshift ended with an error. What Redshift said is in `cause` alone: it can quote values. */
export class StatementError extends LakeError {
  constructor(said: string) {
    super(`Redshift refused: ${redshiftFault(said)}`, { cause: new Error(said) });
  }
}

/**
 * SQL in Redshift without a connection. With a budget, a process that comes after another and asks for the same statements
 * in the same order gets the answers that there are, also those to questions: the Data API runs a statement of a known
 * token no second time (https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-calling-idempotency.html).
 */
export class DataApi {
  readonly #options: DataApiOptions;
  readonly #openedAt: number;
  #asked = 0;

  constructor(options: DataApiOptions) {
    this.#options = options;
    this.#openedAt = options.clock.now();
  }

  /** Runs one statement. @returns its rows, every value as text */
  async run(sql: string, parameters: Readonly<Record<string, string>> = {}): Promise<(string | null)[][]> {
    const { redshift } = this.#options;
    const named = Object.entries(parameters).map(([name, value]) => ({ name, value }));
    const execute = new ExecuteStatementCommand({
      ...this.#target(),
      ...this.#token(sql),
      Sql: sql,
      ...(named.length > 0 ? { Parameters: named } : {}),
    });
    const { Id } = await this.#called(redshift.send(execute));
    const ended = await this.#ended(Id!);
    if (!ended.HasResultSet) return [];
    const rows: (string | null)[][] = [];
    const reading = (async () => {
      for await (const { Records = [] } of paginateGetStatementResult({ client: redshift }, { Id })) {
        rows.push(...Records.map((record) => record.map(textOf)));
      }
    })();
    await this.#called(reading);
    return rows;
  }

  /** Runs statements as one transaction: all of them count, or none. @throws RangeError for too many */
  async transaction(statements: readonly string[]): Promise<void> {
    if (statements.length === 0) return;
    if (statements.length > STATEMENTS_AT_ONCE) {
      throw new RangeError(
        `${statements.length} statements are more than one transaction of the Data API takes`,
      );
    }
    // The Data API takes no batch of one.
    if (statements.length === 1) return void (await this.run(statements[0]!));
    const batch = new BatchExecuteStatementCommand({
      ...this.#target(),
      ...this.#token(statements.join('\n')),
      Sqls: [...statements],
    });
    const { Id } = await this.#called(this.#options.redshift.send(batch));
    await this.#ended(Id!);
  }

  #target() {
    const { workgroup, database, secretArn } = this.#options;
    return { WorkgroupName: workgroup, Database: database, ...(secretArn ? { SecretArn: secretArn } : {}) };
  }

  /** The same statement asked for twice in one load is two statements. @throws StillRunningError at the end of a shift */
  #token(sql: string): { ClientToken?: string } {
    const { budget, clock } = this.#options;
    if (!budget) return {};
    if (clock.now() - this.#openedAt > SHIFT_MS) throw stillRunning();
    this.#asked += 1;
    const of = `${budget.resumeToken}\n${this.#asked}\n${sql}`;
    return { ClientToken: createHash('sha256').update(of).digest('hex') };
  }

  async #ended(Id: string): Promise<DescribeStatementResponse> {
    const { redshift, clock, budget } = this.#options;
    const until = budget ? clock.now() + budget.waitMs : Number.POSITIVE_INFINITY;
    const describe = new DescribeStatementCommand({ Id, WaitTimeSeconds: LONG_POLL_SECONDS });
    for (let pause = SHORTEST_POLL_MS; ; pause = Math.min(pause * 1.5, LONGEST_POLL_MS)) {
      const status = await this.#called(redshift.send(describe));
      if (status.Status === 'FINISHED') return status;
      if (status.Status === 'FAILED' || status.Status === 'ABORTED')
        throw new StatementError(reasonOf(status));
      if (clock.now() + pause > until) throw stillRunning();
      await clock.sleep(pause);
    }
  }

  #called<T>(call: Promise<T>): Promise<T> {
    return called('Asking the Redshift Data API', 'warehouse', call);
  }
}

const stillRunning = (): StillRunningError =>
  new StillRunningError('Redshift is still loading the warehouse', {
    about: 'warehouse',
    retryAfterSeconds: ASK_AGAIN_SECONDS,
  });

/** Of several statements, the one that failed tells most. */
function reasonOf({ Error: reason, Status, SubStatements = [] }: DescribeStatementResponse): string {
  const failed = SubStatements.find((one) => one.Status === 'FAILED');
  return failed?.Error ?? reason ?? `the statement ended ${Status}`;
}

function textOf(field: Field): string | null {
  if (field.isNull) return null;
  const value = field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue;
  return value === undefined ? null : String(value);
}
