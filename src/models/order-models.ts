import { nearest } from '../campus/nearest.ts';
import { ModelError } from './errors.ts';
import { CURATED, type Model } from './model.ts';
import type { TableReference } from './parse-select.ts';

/**
 * The order in which models can be built: waves one after another, the models of a wave side by side.
 * @param known tables that are there without models: staged ones and `ops.*`
 * @throws ModelError for a table that nothing makes, with file, line, column and the nearest name, and for models
 * that need each other in a ring; all at once
 */
export function orderModels(models: readonly Model[], known: Iterable<string>): Model[][] {
  const tables = new Set([...known, ...models.map((model) => model.table)]);
  const unknown = models.flatMap((model) =>
    [...model.statement.tables, ...related(model).map((name) => ({ name }))]
      .filter((reference) => !tables.has(reference.name))
      .map((reference) => unknownTable(model, reference, tables)),
  );
  if (unknown.length > 0)
    throw new ModelError(unknown.join('\n'), { hint: '`lake tables` lists the tables' });
  const waves: Model[][] = [];
  const built = new Set<string>();
  let left = [...models];
  while (left.length > 0) {
    const wave = left.filter((model) => needs(model).every((table) => built.has(table)));
    if (wave.length === 0) throw ringError(left);
    waves.push(wave);
    for (const model of wave) built.add(model.table);
    left = left.filter((model) => !built.has(model.table));
  }
  return waves;
}

/** The curated tables that a model reads, and those that its checks do. */
export function needs(model: Model): string[] {
  const read = model.statement.tables.map((table) => table.name);
  return [...new Set([...read, ...related(model)])].filter(
    (name) => name.startsWith(`${CURATED}.`) && name !== model.table,
  );
}

/** The tables to which a model's checks relate it. */
const related = ({ checks }: Model): string[] =>
  checks.flatMap((check) => (check.kind === 'relationships' ? [check.to] : []));

function unknownTable(model: Model, { name, place }: TableReference, tables: Iterable<string>): string {
  const where = place ? `${model.file}:${place.line}:${place.column}` : model.file;
  const guess =
    nearest(name, tables) ?? [...tables].find((table) => table.split('.')[1] === name.split('.').at(-1));
  return `${where}: there is no table "${name}"${guess === undefined ? '' : `; did you mean "${guess}"?`}`;
}

/** Names one ring, beginning with its first model by name. */
function ringError(left: readonly Model[]): ModelError {
  const byTable = new Map(left.map((model) => [model.table, model]));
  const path: Model[] = [];
  let model = left[0]!;
  while (!path.includes(model)) {
    path.push(model);
    model = needs(model)
      .map((table) => byTable.get(table))
      .find((next) => next !== undefined)!;
  }
  const ring = [...path.slice(path.indexOf(model)), model].map((m) => m.name);
  const reference = model.statement.tables.find((table) => byTable.has(table.name));
  const place = reference?.place ? `:${reference.place.line}:${reference.place.column}` : '';
  return new ModelError(`${model.file}${place}: models need each other: ${ring.join(' → ')}.`, {
    about: model.name,
    hint: 'move what they share into a model of its own',
  });
}
