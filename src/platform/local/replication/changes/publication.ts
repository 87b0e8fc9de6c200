import { createHash } from 'node:crypto';
import type pg from 'pg';
import { quoteLiteral } from '../../../../sis/quote.ts';
import { ident } from '../../duckdb/sql-text.ts';
import { CaptureError } from '../errors.ts';
import type { Followable, Followed } from './followable.ts';
import type { CaptureServer } from './slot.ts';

/** Lists of columns came with PostgreSQL 15. */
const COLUMN_LISTS = 150_000;
const INSUFFICIENT_PRIVILEGE = '42501';
const UNDEFINED_OBJECT = '42704';

/**
 * Makes the lake's own publication hold just these tables, and of each only the columns that the lake takes.
 * @throws CaptureError where the user does not own the tables
 */
export async function keepPublication(
  client: pg.Client,
  publication: string,
  followed: readonly Followed[],
  { version }: CaptureServer,
  about: string,
): Promise<void> {
  const name = ident(publication);
  const tables = followed.map((one) => tableText(one, version)).join(', ');
  // A table that was dropped and made again has the same name, and is not in the publication.
  const shapes = followed.map(({ shape }) => shape).join(' ');
  const digest = createHash('sha256').update(tables).update(shapes).digest('hex').slice(0, 16);
  const { rows } = await client.query<{ digest: string | null }>(
    `SELECT obj_description(oid, 'pg_publication') AS digest FROM pg_publication WHERE pubname = $1`,
    [publication],
  );
  const published = await tablesIn(client, publication);
  const isWhole = followed.every((one) => published.has(one.name));
  if (rows[0]?.digest === digest && isWhole) return;
  const create = `CREATE PUBLICATION ${name} ${tables === '' ? '' : `FOR TABLE ${tables} `}WITH (publish_via_partition_root = true)`;
  // A publication that holds tables cannot be told to hold none.
  const change =
    rows.length === 0
      ? create
      : tables === ''
        ? `DROP PUBLICATION ${name}; ${create}`
        : `ALTER PUBLICATION ${name} SET TABLE ${tables}`;
  try {
    await client.query(`BEGIN; ${change}; COMMENT ON PUBLICATION ${name} IS ${quoteLiteral(digest)}; COMMIT`);
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    if ((cause as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw cause;
    throw new CaptureError(`${about}: the lake's user may not publish the changes of these tables`, {
      about,
      hint: 'Let their owner create a publication, and name it as `publication:` of the source (docs/sis.md has the statement).',
    });
  }
}

function tableText({ table, columns }: Followed, version: number): string {
  const { schema, name, hasHeirs } = table.source;
  const list = columns && version >= COLUMN_LISTS ? ` (${columns.map(ident).join(', ')})` : '';
  return `${hasHeirs ? 'ONLY ' : ''}${ident(schema)}.${ident(name)}${list}`;
}

/** The tables of a publication, by `schema.table`. */
export async function tablesIn(client: pg.Client, publication: string): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_publication_tables WHERE pubname = $1`,
    [publication],
  );
  return new Set(rows.map(({ name }) => name));
}

export async function dropPublication(client: pg.Client, publication: string): Promise<void> {
  await client.query(`DROP PUBLICATION IF EXISTS ${ident(publication)}`).catch((cause: unknown) => {
    const { code = '' } = cause as { code?: string };
    if (code !== INSUFFICIENT_PRIVILEGE && code !== UNDEFINED_OBJECT) throw cause;
  });
}

interface Published {
  readonly name: string;
  /** Absent before PostgreSQL 15. */
  readonly columns?: readonly string[] | null;
  readonly filter?: string | null;
}

/**
 * What of the tables a publication that somebody else made lets through; the others are unfit.
 * @throws CaptureError where there is none of this name, or it leaves out a kind of change
 */
export async function inPublication(
  client: pg.Client,
  publication: string,
  { followed, unfit }: Followable,
  about: string,
): Promise<Followable> {
  const { rows: made } = await client.query<{ whole: boolean; root: boolean }>(
    `SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate AS whole, pubviaroot AS root
     FROM pg_publication WHERE pubname = $1`,
    [publication],
  );
  if (!made[0])
    throw new CaptureError(`${about}: the database has no publication ${publication}`, {
      about,
      hint: 'Have the owner of the tables create it (docs/sis.md has the statement), or correct `publication:` of the source.',
    });
  if (!made[0].whole || !made[0].root)
    throw new CaptureError(`${about}: the publication ${publication} does not publish every change`, {
      about,
      hint: `ALTER PUBLICATION ${ident(publication)} SET (publish = 'insert, update, delete, truncate', publish_via_partition_root = true)`,
    });
  const { rows } = await client.query<{ table: Published }>(
    `SELECT json_build_object('name', p.schemaname || '.' || p.tablename,
       'columns', to_jsonb(p) -> 'attnames', 'filter', to_jsonb(p) -> 'rowfilter') AS table
     FROM pg_publication_tables p WHERE p.pubname = $1`,
    [publication],
  );
  const published = new Map(rows.map(({ table }) => [table.name, table]));
  const reasons = new Map(unfit);
  const fit = followed.filter((one) => {
    const reason = whyUnpublished(one, published.get(one.name), publication);
    if (reason !== undefined) reasons.set(one.name, reason);
    return reason === undefined;
  });
  return { followed: fit, unfit: reasons };
}

function whyUnpublished(
  { columns, table }: Followed,
  found: Published | undefined,
  publication: string,
): string | undefined {
  if (!found) return `the publication ${publication} does not hold it`;
  if (found.filter) return `the publication ${publication} holds only some of its rows`;
  const wanted = columns ?? table.source.columns.map(({ name }) => name);
  const missing = found.columns && wanted.find((name) => !found.columns!.includes(name));
  return missing ? `the publication ${publication} does not hold its column ${missing}` : undefined;
}
