import { rm } from 'node:fs/promises';
import pg from 'pg';
import { lookupColumns } from '../../src/access/lookup-columns.ts';
import { warehouseAccess } from '../../src/access/warehouse-access.ts';
import type { Json } from '../../src/json.ts';
import { openLocalWarehouse, serveWarehouse } from '../../src/platform/local/warehouse.ts';
import type { TableColumn, TableSet } from '../../src/ports/tables.ts';
import type { WarehouseAccess } from '../../src/ports/warehouse-access.ts';
import { redshiftAccess } from '../../src/warehouse/redshift-access.ts';
import { granted } from '../granted.ts';
import { asOwner, newCampus } from '../platform/local/warehouse-campus.ts';
import { type Asking, COLLEGE, columnsOf, KNOWN, POLICY, readPolicy, sessionOf } from './college.ts';

/** What a statement of a login gives: rows as text, and all that PostgreSQL says. */
export interface Said {
  readonly rows: (string | null)[][];
  /** Notices, and the error with its detail, hint and context. */
  readonly words: string;
  /** SQLSTATE of the error; absent where there is none. */
  readonly code?: string;
}

/** The college in a warehouse on PostgreSQL, with a login for each of some sessions. */
export interface PostgresCollege {
  readonly tables: TableSet;
  /**
   * Loads a publication: all tables but `sis.advising`, which rules ask.
   * @param policy default: the college's. Empty: there is none
   * @param published default: `tables`
   * @returns remarks
   */
  load(publication: string, policy?: string, tables?: TableSet, published?: TableSet): Promise<string[]>;
  /** Loads every table, `sis.advising` too, without a policy. */
  loadWhole(publication: string): Promise<void>;
  /** The tables, one of them with other rows. */
  withRows(table: string, rows: Json[][]): Promise<TableSet>;
  /** The tables, one of them with other columns: what is new of them is null, and so is `zip`. */
  withColumns(table: string, columns: TableColumn[]): Promise<TableSet>;
  add(asking: Asking): Promise<void>;
  /** Runs statements in one session of a login, separately, and gives what the last says. */
  ask(asking: Asking, ...statements: readonly string[]): Promise<Said>;
  connect(asking: Asking): Promise<pg.Client>;
  owner<T extends object>(sql: string): Promise<T[]>;
  readonly logins: ReturnType<typeof openLocalWarehouse>['logins'];
  readonly warehouse: ReturnType<typeof openLocalWarehouse>;
  close(): Promise<void>;
}

export const loginOf = (asking: Asking): string => asking.toLowerCase().replaceAll(' ', '-');

export async function openPostgresCollege(): Promise<PostgresCollege> {
  const campus = await newCampus();
  const served = await serveWarehouse(campus.place);
  const warehouse = openLocalWarehouse({
    ...campus.place,
    root: campus.root,
    procedures: `${campus.root}/procedures`,
    lockWait: { waitMs: 300, endMs: 5000 },
  });
  let versions = 1;
  const tables: Record<string, TableSet[string]> = {};
  for (const [table, { rows }] of Object.entries(COLLEGE))
    tables[table] = await campus.engine.literalTable(table, columnsOf(table), rows, 'v1');
  const passwords = new Map<string, string>();

  const connect = async (asking: Asking) => {
    const url = new URL(served.info.url);
    const login = loginOf(asking);
    const client = new pg.Client({
      host: url.hostname,
      port: Number(url.port),
      database: url.pathname.slice(1),
      user: login,
      password: passwords.get(login),
      types: { getTypeParser: () => String },
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  return {
    tables,
    async load(publication, text = POLICY, given = tables, published = { ...tables, ...given }) {
      const set = withoutAdvising(given);
      const { policy, problems } = readPolicy(text || POLICY);
      if (!policy) throw new Error(problems.join('\n'));
      const columns = lookupColumns(policy, Object.keys(set));
      const asked = Object.fromEntries(
        Object.entries(published).filter(([table]) => columns.has(table) && !Object.hasOwn(set, table)),
      );
      const access: WarehouseAccess | undefined =
        text === ''
          ? undefined
          : {
              ...warehouseAccess(policy, KNOWN, granted(asked), columns),
              redshift: (served, reader) => redshiftAccess(policy, KNOWN, served, reader),
            };
      const { remarks = [] } = await warehouse.load(publication, granted(set), [], {}, undefined, access);
      return remarks;
    },
    async loadWhole(publication) {
      await warehouse.load(publication, granted(tables));
    },
    async withRows(table, rows) {
      const version = await campus.engine.literalTable(table, columnsOf(table), rows, `v${++versions}`);
      return { ...tables, [table]: version };
    },
    async withColumns(table, columns) {
      const before = columnsOf(table).map(({ name }) => name);
      const rows = COLLEGE[table]!.rows.map((row) =>
        columns.map(({ name }) => (name === 'zip' ? null : (row[before.indexOf(name)] ?? null))),
      );
      const version = await campus.engine.literalTable(table, columns, rows, `v${++versions}`);
      return { ...tables, [table]: version };
    },
    async add(asking) {
      const { role, purpose, attributes } = sessionOf(asking);
      const login = loginOf(asking);
      passwords.set(login, await warehouse.logins.add({ login, role, purpose, attributes }));
    },
    async ask(asking, ...statements) {
      const client = await connect(asking);
      const words: string[] = [];
      client.on('notice', (notice) => words.push(wordsOf(notice)));
      let rows: Said['rows'] = [];
      try {
        for (const text of statements) {
          const answer = [await client.query({ text, rowMode: 'array' })].flat().at(-1);
          rows = (answer as { rows: Said['rows'] }).rows;
        }
        return { rows, words: words.join('\n') };
      } catch (error) {
        words.push(wordsOf(error as pg.DatabaseError));
        return { rows: [], words: words.join('\n'), code: (error as pg.DatabaseError).code ?? 'lost' };
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    connect,
    owner: (sql) => asOwner(campus, sql),
    logins: warehouse.logins,
    warehouse,
    async close() {
      await served.stop();
      await campus.engine.close();
      await rm(campus.root, { recursive: true });
    },
  };
}

const wordsOf = ({ message, detail, hint, where }: Partial<pg.DatabaseError>): string =>
  [message, detail, hint, where].filter(Boolean).join(' | ');

/** The warehouse does not serve this table, and rules ask it. */
const withoutAdvising = ({ 'sis.advising': _, ...others }: TableSet): TableSet => others;
