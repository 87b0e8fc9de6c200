import { randomUUID } from 'node:crypto';
import type { AthenaClient } from '@aws-sdk/client-athena';
import type { GlueClient } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import PQueue from 'p-queue';
import { InputError } from '../../../errors.ts';
import type { Json } from '../../../json.ts';
import type { KeySum } from '../../../ports/key-sum.ts';
import type { LedgerStore } from '../../../ports/ledger.ts';
import type { ObjectStore } from '../../../ports/objects.ts';
import type { Clock } from '../../../ports/platform.ts';
import type {
  BrokenFile,
  BuildRequest,
  BuildStatus,
  Mover,
  QueryEngine,
  QueryOptions,
  QueryResult,
  Rekeyed,
  WaitBudget,
} from '../../../ports/query-engine.ts';
import type { Grant } from '../../../ports/session.ts';
import type { StagedTableSpec, StageResult } from '../../../ports/staging.ts';
import type { TableColumn, TableSet, TableVersion } from '../../../ports/tables.ts';
import type { PseudonymKeys } from '../../../privacy/pseudonym.ts';
import { pollJob } from '../glue-job/poll-job.ts';
import { type JobTicket, submitJob } from '../glue-job/submit-job.ts';
import type { AwsPlaces } from '../places.ts';
import { createTable, pollUnload, submitUnload, type UnloadTicket } from './create.ts';
import type { EngineContext } from './engine-context.ts';
import { exportQuery } from './export.ts';
import { deliveredKeysOf, keySumOf } from './key-sum.ts';
import { opsTables, writeLiteral } from './literal.ts';
import { mergeRecords, withColumns } from './merge.ts';
import { moverOf } from './moved.ts';
import { runQuery } from './query.ts';
import { replaceDms } from './replace-dms.ts';
import { showTables } from './show.ts';
import { replaceRecords } from './stage-records.ts';
import { sweepTables } from './sweep.ts';

export interface AthenaEngineOptions {
  readonly places: AwsPlaces;
  /** The same buckets that `places` names. */
  readonly objects: ObjectStore;
  readonly athena: AthenaClient;
  readonly glue: GlueClient;
  /** For the footers of Parquet files. */
  readonly s3: S3Client;
  readonly clock: Clock;
  /** The secret keys of the pseudonyms; asked for when the first pseudonym is made. */
  readonly pseudonymKeys?: () => Promise<PseudonymKeys>;
  /** Told of the bytes that each statement scanned, and for what: they are what Athena bills. */
  readonly onScanned?: (bytes: number, about: string) => void;
}

/** Who makes a table, and how it is asked after. */
type Ticket = UnloadTicket | JobTicket;

/** Tables that are made at once in this process; Athena runs many statements, and bills none for waiting. */
const MAKING_AT_ONCE = 8;

/**
 * The query engine of AWS: Athena over Iceberg and Parquet tables in S3, registered in Glue. A version is a snapshot
 * of an Iceberg table or a folder of Parquet files that never changes.
 */
export function openAthenaEngine(options: AthenaEngineOptions): QueryEngine {
  return new AthenaEngine({ ...options, workgroup: options.places.workgroup });
}

class AthenaEngine implements QueryEngine {
  readonly capabilities = { background: true };
  readonly mover: Mover;
  readonly #context: EngineContext;
  readonly #making = new PQueue({ concurrency: MAKING_AT_ONCE });

  constructor(context: EngineContext) {
    this.#context = context;
    this.mover = moverOf(context);
  }

  replace(
    spec: StagedTableSpec,
    files: readonly string[],
    versionId: string,
    budget?: WaitBudget,
  ): Promise<StageResult> {
    const replace = spec.layout === 'dms' ? replaceDms : replaceRecords;
    return this.#making.add(() => replace({ ...this.#context, budget }, spec, files, versionId));
  }

  merge(
    current: TableVersion,
    spec: StagedTableSpec,
    files: readonly string[],
    versionId: string,
    budget?: WaitBudget,
  ): Promise<StageResult> {
    return this.#making.add(() =>
      mergeRecords({ ...this.#context, budget }, current, spec, files, versionId),
    );
  }

  withColumns(
    current: TableVersion,
    columns: readonly TableColumn[],
    versionId: string,
    budget?: WaitBudget,
    rekeyed?: Rekeyed,
  ): Promise<TableVersion> {
    const context = { ...this.#context, budget };
    return this.#making.add(() => withColumns(context, current, columns, versionId, rekeyed));
  }

  keySum(version: TableVersion, key: readonly string[], budget?: WaitBudget): Promise<KeySum> {
    return keySumOf({ ...this.#context, budget }, version, key);
  }

  deliveredKeys(
    spec: StagedTableSpec,
    files: readonly string[],
    repeats: boolean,
    budget?: WaitBudget,
  ): Promise<KeySum | undefined> {
    return this.#making.add(() => deliveredKeysOf({ ...this.#context, budget }, spec, files, repeats));
  }

  create(table: string, select: string, reads: TableSet, versionId: string): Promise<TableVersion> {
    return this.#making.add(() => createTable(this.#context, table, select, reads, versionId));
  }

  submit(request: BuildRequest): Promise<Json> {
    const submit: (context: EngineContext, request: BuildRequest) => Promise<Ticket> =
      request.engine === 'glue' ? submitJob : submitUnload;
    return this.#making.add(async () => (await submit(this.#context, request)) as unknown as Json);
  }

  poll(ticket: Json, waitMs: number): Promise<BuildStatus> {
    const given = ticket as unknown as Ticket;
    return given.engine === 'glue' ? pollJob(this.#context, given) : pollUnload(this.#context, given, waitMs);
  }

  async query(select: string, from: Grant, options?: QueryOptions): Promise<QueryResult> {
    return runQuery({ ...this.#context, budget: options?.budget }, select, wholeTables(from), options);
  }

  async exportParquet(
    select: string,
    from: Grant,
    path: string,
    options?: Omit<QueryOptions, 'limit'>,
  ): Promise<number> {
    return exportQuery(this.#context, select, wholeTables(from), path, options);
  }

  literalTable(
    table: string,
    columns: readonly TableColumn[],
    rows: readonly (readonly Json[])[],
    versionId: string,
  ): Promise<TableVersion> {
    return this.#making.add(() => writeLiteral(this.#context, table, columns, rows, versionId));
  }

  opsTables(ledger: LedgerStore, read: readonly string[]): Promise<TableSet> {
    return opsTables(this.#context, ledger, read, `now_${randomUUID().slice(0, 8)}`);
  }

  /** S3 vouches for its objects. */
  async brokenFiles(): Promise<BrokenFile[]> {
    return [];
  }

  sweep(
    keep: readonly TableVersion[],
    olderThan: number,
    atOnce?: readonly string[],
    budget?: WaitBudget,
    maintain?: boolean,
  ): Promise<number> {
    return sweepTables({ ...this.#context, budget }, keep, olderThan, atOnce, maintain);
  }

  show(tables: TableSet, databases: readonly string[]): Promise<void> {
    return showTables(this.#context, tables, databases);
  }
}

/** The statements of the lake's functions read whole tables; what people see is decided by their own rights. */
function wholeTables({ tables, views, session }: Grant): TableSet {
  if (views === undefined) return tables;
  throw new InputError(`On AWS nothing is read as the role ${session.role}.`, {
    hint: 'there the rights of who signs in decide; on one machine `lake query --role` applies the policy',
  });
}
