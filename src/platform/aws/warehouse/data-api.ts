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
import type { Clock } from '../../../ports/platform.ts';
import { called } from '../errors.ts';
import { redshiftFault } from './redshift-fault.ts';

export interface DataApiOptions {
  readonly redshift: RedshiftDataClient;
  readonly workgroup: string;
  readonly database: string;
  /** Secret of the user. Absent: the caller's own identity. */
  readonly secretArn?: string;
  readonly clock: Clock;
}

/** What one call takes: https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html */
export const STATEMENTS_AT_ONCE = 40;
/** Each answer is waited for so long before it is asked for again, in seconds. */
const LONG_POLL_SECONDS = 20;
const SHORTEST_POLL_MS = 100;
const LONGEST_POLL_MS = 5_000;

/** A statement that Redshift ended with an error. What Redshift said is in `cause` alone: it can quote values. */
export class StatementError extends LakeError {
  constructor(said: string) {
    super(`Redshift refused: ${redshiftFault(said)}`, { cause: new Error(said) });
  }
}

/** SQL in Redshift without a connection. */
export class DataApi {
  readonly #options: DataApiOptions;

  constructor(options: DataApiOptions) {
    this.#options = options;
  }

  /** Runs one statement. @returns its rows, every value as text */
  async run(sql: string, parameters: Readonly<Record<string, string>> = {}): Promise<(string | null)[][]> {
    const { redshift } = this.#options;
    const named = Object.entries(parameters).map(([name, value]) => ({ name, value }));
    const execute = new ExecuteStatementCommand({
      ...this.#target(),
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
    const batch = new BatchExecuteStatementCommand({ ...this.#target(), Sqls: [...statements] });
    const { Id } = await this.#called(this.#options.redshift.send(batch));
    await this.#ended(Id!);
  }

  #target() {
    const { workgroup, database, secretArn } = this.#options;
    return { WorkgroupName: workgroup, Database: database, ...(secretArn ? { SecretArn: secretArn } : {}) };
  }

  async #ended(Id: string): Promise<DescribeStatementResponse> {
    const { redshift, clock } = this.#options;
    const describe = new DescribeStatementCommand({ Id, WaitTimeSeconds: LONG_POLL_SECONDS });
    for (let pause = SHORTEST_POLL_MS; ; pause = Math.min(pause * 1.5, LONGEST_POLL_MS)) {
      const status = await this.#called(redshift.send(describe));
      if (status.Status === 'FINISHED') return status;
      if (status.Status === 'FAILED' || status.Status === 'ABORTED')
        throw new StatementError(reasonOf(status));
      await clock.sleep(pause);
    }
  }

  #called<T>(call: Promise<T>): Promise<T> {
    return called('Asking the Redshift Data API', 'warehouse', call);
  }
}

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
