import type { SisTable } from '../../sis/inspect.ts';
import { quoteIdentifier } from '../../sis/quote.ts';
import type { SisConnection } from '../../sis/session.ts';
import { isSqlstate } from '../../sis/sqlstate.ts';

type Tables = readonly Pick<SisTable, 'schema' | 'name' | 'columns'>[];

/** A table in which a system keeps the names of its custom columns, and the columns of it that say so. */
interface LabelTable {
  readonly schema: string;
  readonly name: string;
  /** Of what its labels are: `staff` of `staff_fields`. */
  readonly stem: string;
  readonly id: string;
  readonly label: string;
}

/** What a system calls its custom columns: `custom_200000003`, `field_7`. */
const CUSTOM = /^(?:custom|user|field|cf|udf|attr(?:ibute)?)_?(?:field_?)?(\d+)$/;
const LABEL = ['title', 'label', 'caption', 'field_label', 'display_name'];
const ID = ['column_name', 'field_name', 'id', 'field_id', 'custom_field_id'];
/** More than that are no names of columns. */
const MOST = 2_000;
const LONGEST = 100;

/**
 * The labels that a system gives its columns in tables of its own, such as RosarioSIS's `custom_fields`: labels by
 * `schema.table.column`. A label table whose name begins as a table does is about that table; any other is about all
 * tables that have none of their own. A table that cannot be read has no labels.
 */
export async function readLabels(connection: SisConnection, tables: Tables): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const lists: { of: LabelTable; labels: Map<string, string> }[] = [];
  for (const of of tables.flatMap(labelTableOf)) lists.push({ of, labels: await labelsIn(connection, of) });
  for (const { schema, name, columns } of tables) {
    const near = lists.filter(({ of }) => of.schema === schema && of.name !== name);
    const own = near.filter(({ of }) => isAbout(of, name));
    // `staff_fields` says nothing about students.
    const general = near.filter(({ of }) => !tables.some((other) => isAbout(of, other.name)));
    for (const column of columns) {
      const number = CUSTOM.exec(column.name)?.[1];
      for (const { labels } of own.length > 0 ? own : general) {
        const label = labels.get(column.name) ?? (number === undefined ? undefined : labels.get(number));
        if (label !== undefined) found.set(`${schema}.${name}.${column.name}`, label);
      }
    }
  }
  return found;
}

const isAbout = ({ stem }: LabelTable, table: string): boolean => table === stem || table === `${stem}s`;

function labelTableOf({ schema, name, columns }: Tables[number]): LabelTable[] {
  const stem = /^(.*?)_?(?:fields?|columns?|field_labels|labels)$/.exec(name)?.[1];
  const has = (names: readonly string[]) =>
    names.find((one) => columns.some((column) => column.name === one));
  const [id, label] = [has(ID), has(LABEL)];
  return stem !== undefined && id && label ? [{ schema, name, stem, id, label }] : [];
}

async function labelsIn(connection: SisConnection, of: LabelTable): Promise<Map<string, string>> {
  const [id, label] = [quoteIdentifier(of.id), quoteIdentifier(of.label)];
  const from = `${quoteIdentifier(of.schema)}.${quoteIdentifier(of.name)}`;
  try {
    const { rows } = await connection.query(
      `SELECT ${id}::text AS id, left(${label}::text, ${LONGEST}) AS label FROM ${from}
       WHERE ${id} IS NOT NULL AND ${label} IS NOT NULL LIMIT ${MOST}`,
    );
    return new Map((rows as { id: string; label: string }[]).map((row) => [row.id, row.label]));
  } catch (error) {
    if (isSqlstate(((error as Error).cause as { code?: string } | undefined)?.code)) return new Map();
    throw error;
  }
}
