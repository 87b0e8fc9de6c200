import type { TableSet } from '../ports/tables.ts';
import type { TableNotes, WarehouseNotes } from '../ports/warehouse.ts';
import { checksOfModel } from '../quality/table-check.ts';
import type { DescribedTable } from './described-tables.ts';

/** Every time in the lake is UTC without a zone, which clients that set a zone of their own must know. */
const UTC = 'UTC, without a time zone';

/** What the headers of the models and the types of the columns say of the served tables. */
export function notesOf(models: readonly DescribedTable[], tables: TableSet): WarehouseNotes {
  const byTable = new Map(models.map((model) => [model.table, model]));
  return Object.fromEntries(
    Object.entries(tables).map(([table, { columns }]) => {
      const model = byTable.get(table);
      const names = columns.map(({ name }) => name);
      const described = new Map(model?.columns.map(({ name, description }) => [name, description]));
      const texts = columns.flatMap(({ name, type }) => {
        const text = [described.get(name), ...(type === 'timestamp' ? [UTC] : [])].filter(Boolean).join('; ');
        return text === '' ? [] : [[name, text]];
      });
      return [
        table,
        {
          ...(model ? { description: descriptionOf(model) } : {}),
          columns: Object.fromEntries(texts),
          ...keysOf(model, names),
        },
      ];
    }),
  );
}

function descriptionOf({ description, grain, owner }: DescribedTable): string {
  const parts = [
    description,
    grain && `One row per ${grain}`,
    owner && `Owner: ${owner}`,
    `Times are ${UTC}`,
  ];
  return parts.flatMap((part) => (part ? [`${part.replace(/\.$/, '')}.`] : [])).join(' ');
}

/** Only what a check that fails the table holds: a warning lets rows through that break it. */
function keysOf(
  model: DescribedTable | undefined,
  names: readonly string[],
): Pick<TableNotes, 'key' | 'filled' | 'references'> {
  if (!model) return { key: [], filled: [], references: [] };
  const checks = checksOfModel(model, names);
  const held = checks.filter(({ severity }) => severity === 'fail').map(({ check }) => check);
  const filled = held.flatMap((check) => (check.kind === 'not_null' ? check.columns : []));
  const grain = (model.grain ?? '').split(/\s*,\s*/);
  const isUnique = held.some(
    (check) => check.kind === 'unique' && check.columns.toSorted().join() === grain.toSorted().join(),
  );
  return {
    key: isUnique && grain.every((name) => filled.includes(name)) ? grain : [],
    filled: [...new Set(filled)],
    // A reference informs and is not enforced, so a warning suffices.
    references: checks.flatMap(({ check }) =>
      check.kind === 'relationships' ? [{ column: check.column, to: check.to, field: check.field }] : [],
    ),
  };
}
