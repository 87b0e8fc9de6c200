import { createHash } from 'node:crypto';
import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { authorize } from '../access/authorize.ts';
import type { AppLake } from '../app/app-lake.ts';
import { queryLake } from '../app/query/query-lake.ts';
import type { Publication } from '../pipeline/publication.ts';
import { publicationOf } from '../pipeline/published.ts';
import type { Parameter } from '../ports/parameter.ts';
import type { Cell } from '../ports/query-engine.ts';
import type { TableSet } from '../ports/tables.ts';
import type { Caller } from './caller.ts';
import { ApiError } from './errors.ts';
import { DEFAULT_LIMITS, type Limits } from './graphql/limits.ts';
import { readRoot } from './graphql/read-selection.ts';
import { schemaOf } from './graphql/schema.ts';
import type { ApiModel } from './model/api-table.ts';
import { deriveModel } from './model/derive-model.ts';
import { describeLake, type TableWords } from './model/describe-lake.ts';
import { compile } from './sql/compile.ts';
import { athenaDialect, type BoundValue } from './sql/dialect.ts';
import type { Root } from './sql/selection.ts';
import { tablesOfRoot } from './sql/tables-of.ts';

/** The lake as a caller reads it. */
export type ApiLake = AppLake & {
  /** What else tells its answers from those of others. Default: its session alone. */
  readonly variables?: Caller['variables'];
  /** The tables as the API offers them. Default: by the catalog and the models alone. */
  readonly shape?: (visible: TableSet, words: ReadonlyMap<string, TableWords>) => ApiModel;
};

/** Opens the lake, read as somebody. Given by the entrance that has opened it. */
export type OpenAs = (caller: Caller) => Promise<ApiLake>;

/** One request's answer in the making. */
export interface ApiContext {
  readonly signal: AbortSignal;
  /** Whether tables that are older than promised are refused. */
  readonly onlyHealthy: boolean;
  /** The tables that were read. */
  readonly tables: Set<string>;
}

/** What one caller may ask, of one publication. */
export interface ApiSession {
  readonly lake: AppLake;
  readonly publication: Publication;
  readonly model: ApiModel;
  readonly schema: GraphQLSchema;
  /** What tells it from every session whose answers may differ. */
  readonly identity: string;
}

const SESSIONS_KEPT = 200;

/**
 * The data API: one GraphQL schema for each role, made of the catalog, the models and the access policy. Every root
 * field is one statement of the lake's SQL, which goes the way of `lake query`: through the same policy, and on record.
 */
export class DataApi {
  readonly #openAs: OpenAs;
  readonly limits: Limits;
  readonly #sessions = new Map<string, Promise<ApiSession>>();
  readonly #words = new Map<string, Promise<ReadonlyMap<string, TableWords>>>();

  constructor(openAs: OpenAs, limits: Limits = DEFAULT_LIMITS) {
    this.#openAs = openAs;
    this.limits = limits;
  }

  /** @throws ApiError, InputError where the policy does not know the role or the session lacks what it needs */
  async session(caller: Caller, asOf?: string): Promise<ApiSession> {
    const lake = await this.#openAs(caller);
    const publication = await publicationOf(lake, asOf);
    const { principal, role, attributes, purpose } = lake.session;
    const identity = createHash('sha256')
      .update(
        JSON.stringify([
          publication.id,
          lake.access?.version,
          principal,
          role,
          attributes,
          purpose,
          lake.variables,
        ]),
      )
      .digest('hex');
    const found = this.#sessions.get(identity);
    if (found) return { ...(await found), lake };
    const made = this.#open(lake, publication, identity);
    this.#sessions.set(identity, made);
    made.catch(() => this.#sessions.delete(identity));
    for (const old of this.#sessions.keys()) {
      if (this.#sessions.size <= SESSIONS_KEPT) break;
      this.#sessions.delete(old);
    }
    return made;
  }

  async #open(lake: ApiLake, publication: Publication, identity: string): Promise<ApiSession> {
    const { engine, ledger } = lake.platform;
    const words = await this.#wordsOf(lake, publication);
    const all = { ...publication.tables, ...(await engine.opsTables(ledger, [])) };
    const { tables } = await authorize(lake, 'describe', all);
    const model = (lake.shape ?? deriveModel)(tables, words);
    const schema = schemaOf<ApiContext & { session: ApiSession }>(
      model,
      (root, _source, args, context, info: GraphQLResolveInfo) =>
        this.#answer(context.session, readRoot(model, root, args, info), context),
    );
    return { lake, publication, model, schema, identity };
  }

  #wordsOf(lake: AppLake, publication: Publication): Promise<ReadonlyMap<string, TableWords>> {
    const found = this.#words.get(publication.id) ?? describeLake(lake, publication);
    this.#words.clear();
    this.#words.set(publication.id, found);
    found.catch(() => this.#words.delete(publication.id));
    return found;
  }

  async #answer(session: ApiSession, root: Root, context: ApiContext): Promise<unknown> {
    const tables = tablesOfRoot(root);
    refuseUnhealthy(session, tables, context);
    for (const table of tables) context.tables.add(table);
    const { sql, values, decode } = compile(root, athenaDialect());
    const answer = await queryLake(session.lake, {
      sql,
      parameters: values.map(parameterOf),
      asOf: session.publication.id,
      signal: context.signal,
      channel: 'api',
    });
    const rows: Cell[][] = [];
    let cells = 0;
    for await (const batch of answer.batches()) {
      rows.push(...batch);
      for (const row of batch) cells += row.reduce<number>((sum, cell) => sum + sizeOf(cell), 1);
      if (rows.length > this.limits.rows || cells > this.limits.rows * CELLS)
        throw new ApiError('limit-exceeded', `The answer has more than ${this.limits.rows} rows.`);
    }
    return decode(rows);
  }
}

/** Cells of lists that stand for a row. */
const CELLS = 20;

const sizeOf = (cell: Cell): number =>
  Array.isArray(cell) ? cell.reduce<number>((sum, inner) => sum + sizeOf(inner), 0) : 1;

const parameterOf = ({ name, type, value }: BoundValue): Parameter => ({
  name,
  type: type === 'real' ? 'double' : type.replace(/\(.*/, ''),
  value,
});

/** How current a table is. `late`: it, or a dataset that it reads, is older than the catalog promises. */
export type Health = 'ok' | 'late' | 'unknown';

/** What is said of a table beside its rows. */
export function tableState(
  { publication }: Pick<ApiSession, 'publication'>,
  table: string,
): { readonly asOf: string | null; readonly health: Health } {
  const facts = publication.facts[table];
  if (table.startsWith('ops.')) return { asOf: null, health: 'ok' };
  return {
    asOf: facts?.asOf ?? null,
    health: facts === undefined ? 'unknown' : facts.isStale ? 'late' : 'ok',
  };
}

function refuseUnhealthy(
  session: ApiSession,
  tables: ReadonlySet<string>,
  { onlyHealthy }: ApiContext,
): void {
  if (!onlyHealthy) return;
  const sick = [...tables].filter((table) => tableState(session, table).health !== 'ok').sort();
  if (sick.length > 0)
    throw new ApiError('unhealthy', `older than promised, or of unknown age: ${sick.join(', ')}`);
}
