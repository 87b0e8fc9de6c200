import { nearest } from '../../campus/nearest.ts';
import { type AstObject, isObject, nameOf } from '../tree.ts';
import type { Finding } from './finding.ts';
import { type Relation, relationsAround, type Scope } from './scope.ts';

/** A name that is no column where it stands: what was probably meant, of what can be asked there. */
export function missingColumn(data: AstObject, scope: Scope): Finding {
  const column = nameOf(data.name) ?? '';
  const qualifier = isObject(data.table) ? nameOf(data.table) : undefined;
  const all = relationsAround(scope);
  const of = qualifier === undefined ? all : all.filter(({ name }) => name === qualifier.toLowerCase());
  if (qualifier !== undefined && of.length === 0) return missingTable(qualifier, all);
  const [only] = of.length === 1 ? of : [];
  const shown = only?.table ?? (qualifier === undefined ? undefined : only?.name);
  const isNowhere = all.length === 0 && scope.outputs === undefined;
  return {
    what: isNowhere
      ? `there is no FROM, so there is no column "${column}"`
      : `there is no column "${column}"${shown === undefined ? '' : ` in ${shown}`}`,
    portable: hintFor(column, isObject(data.name) && data.name.quoted === true, of, all, scope),
    code: 'sql-unknown-column',
  };
}

function missingTable(qualifier: string, all: readonly Relation[]): Finding {
  const renamed = all.find(({ table, name }) => table?.split('.').at(-1) === qualifier.toLowerCase() && name);
  const names = all.flatMap(({ name }) => name ?? []);
  const guess = nearest(qualifier, names) ?? (names.length === 1 ? names[0] : undefined);
  const portable = renamed
    ? `FROM gives ${renamed.table} the alias "${renamed.name}": write that`
    : guess === undefined
      ? 'use the alias that FROM gives to the table'
      : `did you mean the alias "${guess}"?`;
  return { what: `nothing in FROM is called "${qualifier}"`, portable, code: 'sql-unknown-table' };
}

function hintFor(
  column: string,
  isQuoted: boolean,
  of: readonly Relation[],
  all: readonly Relation[],
  scope: Scope,
): string {
  const name = column.toLowerCase();
  if (of.some(({ shared }) => shared.has(name)))
    return `JOIN … USING (${name}) makes one column of both: write ${name} alone`;
  const owner = all.find(
    (relation) => !of.includes(relation) && relation.columns?.some((candidate) => candidate.name === name),
  );
  if (owner?.name !== undefined) return `${owner.name} has it: write ${owner.name}.${name}`;
  if (scope.aliases.has(name))
    return `"${name}" is a name that the SELECT list gives, which only ORDER BY knows: repeat the expression, or put the SELECT into a subquery`;
  const table = all.find((relation) => relation.name === name);
  if (table) return `"${name}" is a table: name one of its columns, ${name}.…`;
  const names = [
    ...of.flatMap(({ columns }) => (columns ?? []).map((candidate) => candidate.name)),
    ...(scope.outputs ?? []).map((output) => output.name),
  ].filter((candidate) => candidate !== '');
  const guess = nearest(column, names);
  if (guess !== undefined) return `did you mean "${guess}"?`;
  if (isQuoted)
    return `texts are in single quotes: '${column.replaceAll("'", "''")}'; double quotes are for names of columns`;
  if (all.length === 0) return 'say which table is meant: FROM campus.students';
  const described = of.find((relation) => relation.table !== undefined)?.table;
  if (described !== undefined) return `\`lake describe ${described}\` lists its columns`;
  return names.length > 0 && names.length < 20
    ? `the columns are ${names.join(', ')}`
    : '`lake describe <table>` lists the columns';
}
