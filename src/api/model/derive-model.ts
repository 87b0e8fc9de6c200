import type { TableSet } from '../../ports/tables.ts';
import type { ApiColumn, ApiModel, ApiRelationship, ApiTable } from './api-table.ts';
import type { Reference, TableWords } from './describe-lake.ts';

/** Names that GraphQL takes and that are not its own. */
const NAME = /^(?!__)[_A-Za-z][_0-9A-Za-z]*$/;

/** Names that every schema has. */
const TAKEN = new Set(['query_root', 'order_by', 'Int', 'Float', 'String', 'Boolean', 'ID']);

/**
 * The tables of a session by the lake's own policy.
 *
 * Names depend on nothing that the session does not see: a hidden table or column changes no name. Tables are
 * `<database>_<table>`; an object relationship has the name of its column without `_id` or `_code`; the array
 * relationship back has the name of the other table, with `_by_<column>` where the column has another name than the
 * one that it refers to.
 */
export function deriveModel(visible: TableSet, words: ReadonlyMap<string, TableWords>): ApiModel {
  const tables = Object.entries(visible).filter(
    ([table]) => NAME.test(graphqlName(table)) && !TAKEN.has(graphqlName(table)),
  );
  const shown = new Map(
    tables.map(([table, { columns }]) => [
      table,
      columns.flatMap(({ name, type }): ApiColumn[] => {
        if (!NAME.test(name)) return [];
        const description = words.get(table)?.columns.get(name);
        return [{ name, field: name, type, ...(description === undefined ? {} : { description }) }];
      }),
    ]),
  );
  const links = linksOf(shown, words);
  return new Map(
    tables.map(([table]) => {
      const name = graphqlName(table);
      const columns = shown.get(table)!;
      const key = words.get(table)?.key ?? [];
      const isKeyShown = key.every((one) => columns.some((column) => column.name === one));
      const made: ApiTable = {
        table,
        name,
        roots: { select: name, select_by_pk: `${name}_by_pk`, select_aggregate: `${name}_aggregate` },
        ...(words.get(table)?.description === undefined
          ? {}
          : { description: words.get(table)!.description }),
        columns,
        key: isKeyShown ? key : [],
        relationships: named(links.get(table) ?? [], columns),
        aggregations: true,
      };
      return [table, made];
    }),
  );
}

/** `campus.students` is `campus_students`; tables of a database `public` have their own name, as in Hasura. */
export const graphqlName = (table: string): string => {
  const [database, name] = table.split('.') as [string, string];
  return database === 'public' ? name : `${database}_${name}`;
};

/** Relationships both ways, between tables and columns that are shown. */
function linksOf(
  shown: ReadonlyMap<string, readonly ApiColumn[]>,
  words: ReadonlyMap<string, TableWords>,
): Map<string, ApiRelationship[]> {
  const links = new Map<string, ApiRelationship[]>();
  const add = (table: string, link: ApiRelationship) => links.set(table, [...(links.get(table) ?? []), link]);
  for (const [table, columns] of shown)
    for (const reference of words.get(table)?.references ?? []) {
      const { column, to, field } = reference;
      const own = columns.find(({ name }) => name === column);
      const theirs = shown.get(to)?.find(({ name }) => name === field);
      if (!own || !theirs || own.type !== theirs.type) continue;
      add(table, { name: objectName(reference), kind: 'object', to, on: [[column, field]] });
      add(to, { name: arrayName(table, reference), kind: 'array', to: table, on: [[field, column]] });
    }
  return links;
}

const objectName = ({ column }: Reference): string => {
  const short = column.replace(/_(id|code|key|no|number|ref)$/, '');
  return short === column || short === '' ? `${column}_row` : short;
};

function arrayName(table: string, { column, to, field }: Reference): string {
  const [database, name] = table.split('.') as [string, string];
  const own = database === to.split('.')[0] ? name : `${database}_${name}`;
  return column === field ? own : `${own}_by_${column}`;
}

/** Each name once, and none that a column has. */
function named(links: readonly ApiRelationship[], columns: readonly ApiColumn[]): ApiRelationship[] {
  const taken = new Set(columns.map(({ field }) => field));
  return links.flatMap((link) => {
    const name = taken.has(link.name) ? `${link.name}_row` : link.name;
    if (taken.has(name) || !NAME.test(name)) return [];
    taken.add(name);
    return [{ ...link, name }];
  });
}
