import type { CatalogColumn } from '../catalog-schema.ts';
import type { FoundColumn, FoundTable, Propose } from './found.ts';
import { claim, lakeName } from './names.ts';

/** A new column as the catalog will say it, with the comment that marks it as not yet looked at. */
export interface NewColumn {
  readonly column: CatalogColumn;
  readonly line: string;
}

/** @param taken names of the table's columns in the lake; the new one is added */
export function newColumn(
  table: FoundTable,
  found: FoundColumn,
  propose: Propose,
  taken: Set<string>,
): NewColumn {
  const { privacy, why } = propose(table, found);
  const name = claim(lakeName(found.name), taken);
  const description = worthSaying(found);
  const column: CatalogColumn = {
    name,
    ...(name === found.name ? {} : { source: found.name }),
    type: found.type,
    ...(found.nullable ? {} : { nullable: false }),
    privacy,
    ...(description === undefined ? {} : { description }),
  };
  const fields = Object.entries(column).map(([key, value]) => `${key}: ${scalar(value)}`);
  return { column, line: `- { ${fields.join(', ')} } # proposed${why === '' ? '' : `: ${why}`}` };
}

/** One dataset, its columns on a line each. */
export function datasetLines(
  name: string,
  table: FoundTable,
  columns: readonly NewColumn[],
  load: { readonly value: 'off'; readonly why: string } | undefined,
): string[] {
  const lakeNames = new Map(columns.map(({ column }) => [column.source ?? column.name, column.name]));
  return [
    `- name: ${scalar(name)}`,
    `  namespace: ${scalar(table.namespace)}`,
    `  table: ${scalar(table.table)}`,
    ...(table.kind === 'view' ? ['  kind: view'] : []),
    `  key: [${table.key.map((k) => scalar(lakeNames.get(k) ?? lakeName(k))).join(', ')}]`,
    ...(load ? [`  load: ${load.value} # ${load.why}`] : []),
    '  columns:',
    ...columns.map(({ line }) => `    ${line}`),
  ];
}

/** A value as YAML that both flow and block style read as it is meant. */
export function scalar(value: string | boolean): string {
  if (typeof value === 'boolean') return String(value);
  const plain = /^[A-Za-z_][\w$]*$/.test(value) && !/^(null|true|false|yes|no|on|off|y|n)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}

const LONGEST = 160;

/** A description that says more than the name, in its first sentence. */
function worthSaying({ name, description }: FoundColumn): string | undefined {
  if (description === undefined) return undefined;
  const text = description.replace(/\s+/g, ' ').trim();
  const said = text.toLowerCase().replace(/[^a-z0-9]+/g, '');
  if (said === '' || said === name.toLowerCase().replace(/[^a-z0-9]+/g, '')) return undefined;
  const sentence = /^.*?[.!?](?= |$)/.exec(text)?.[0] ?? text;
  return sentence.length > LONGEST ? `${sentence.slice(0, LONGEST - 1).trimEnd()}…` : sentence;
}
