import { NEW } from './fill-tables.ts';
import type { Relation } from './relations.ts';
import { ident } from './sql.ts';

/** Ends the name of a table that no publication has, and of a column that went while a view reads it. */
const AWAY = '__away';

/**
 * The statements that put the rows of the new tables in the place of those that are shown, for one transaction. A
 * table stays the table it is, with its grants, row-level security policies, comments and views; its columns change in
 * place.
 *
 * @param shown the relations in the schemas that are served, by `schema.name`
 * @param fresh the new tables, likewise
 * @param served which of the shown are the lake's own
 */
export function replaceRows(
  shown: ReadonlyMap<string, Relation>,
  fresh: ReadonlyMap<string, Relation>,
  served: ReadonlySet<string>,
  reader: string,
): { statements: string[]; remarks: string[] } {
  const statements: string[] = [];
  const remarks: string[] = [];
  for (const name of served) {
    const table = shown.get(name);
    if (!table || fresh.has(`${table.schema}${NEW}.${table.name}`)) continue;
    statements.push(`DELETE FROM ${nameOf(table)}`, rename(table, table.name + AWAY));
    const views = table.columns.some(({ isRead }) => isRead) ? ' Views over it show no rows.' : '';
    remarks.push(`${name} is in no publication any more: it is empty and called ${name}${AWAY}.${views}`);
  }
  for (const table of fresh.values()) {
    const schema = table.schema.slice(0, -NEW.length);
    const name = `${schema}.${table.name}`;
    const target = { schema, name: table.name };
    const columns = table.columns.map((column) => ident(column.name)).join(', ');
    const there = shown.get(name);
    const away = shown.get(name + AWAY);
    let now = there && served.has(name) ? there : undefined;
    if (there && !now) {
      statements.push(rename(there, `${table.name}_moved`));
      remarks.push(`${name} is a table of the lake now: what had that name is called ${name}_moved`);
    }
    if (!now && away?.isTable) {
      statements.push(rename(away, table.name));
      now = away;
    }
    if (now) {
      const change = columnChanges(nameOf(target), name, now, table);
      statements.push(...change.statements, `DELETE FROM ${nameOf(target)}`);
      remarks.push(...change.remarks);
    } else {
      const defined = table.columns.map((column) => `${ident(column.name)} ${column.type}`).join(', ');
      statements.push(
        `CREATE TABLE ${nameOf(target)} (${defined})`,
        `GRANT SELECT ON ${nameOf(target)} TO ${ident(reader)}`,
      );
    }
    statements.push(`INSERT INTO ${nameOf(target)} (${columns}) SELECT ${columns} FROM ${nameOf(table)}`);
  }
  return { statements, remarks };
}

const nameOf = ({ schema, name }: Pick<Relation, 'schema' | 'name'>): string => ident(schema, name);

const rename = (relation: Relation, to: string): string =>
  `ALTER TABLE ${nameOf(relation)} RENAME TO ${ident(to)}`;

/** A column of another type is another column: Redshift converts none in place but the length of a text. */
function columnChanges(
  target: string,
  name: string,
  now: Relation,
  wanted: Relation,
): { statements: string[]; remarks: string[] } {
  const statements: string[] = [];
  const remarks: string[] = [];
  const after = new Map(wanted.columns.map((column) => [column.name, column.type]));
  for (const column of now.columns) {
    if (after.get(column.name) === column.type) continue;
    const isAway = column.name.endsWith(AWAY);
    if (!column.isRead) statements.push(`ALTER TABLE ${target} DROP COLUMN ${ident(column.name)}`);
    else if (!isAway) {
      const away = column.name + AWAY;
      statements.push(`ALTER TABLE ${target} RENAME COLUMN ${ident(column.name)} TO ${ident(away)}`);
      remarks.push(
        `${name} has no ${column.name} of that type any more: views that read it show nothing there. It is called ${away} until no view reads it; make views over curated tables WITH NO SCHEMA BINDING`,
      );
    }
  }
  const before = new Map(now.columns.map((column) => [column.name, column.type]));
  for (const column of wanted.columns) {
    if (before.get(column.name) !== column.type) {
      statements.push(`ALTER TABLE ${target} ADD COLUMN ${ident(column.name)} ${column.type}`);
    }
  }
  return { statements, remarks };
}
