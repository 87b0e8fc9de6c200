import { nearest } from '../campus/nearest.ts';
import type { TableReference } from '../sql/parse.ts';
import { ModelError } from './errors.ts';
import { CURATED, type Model } from './model.ts';

/** The models that can be built, and what is wrong with each of the others. */
export interface OrderedModels {
  /** One after another; the models of a wave do not need each other. */
  readonly waves: Model[][];
  /** The error of every model that can never be built as written, by its name. */
  readonly mistakes: ReadonlyMap<string, ModelError>;
  /** Models without a mistake of their own that need one of those. */
  readonly blocked: Model[];
}

const UNKNOWN_HINT = '`lake tables` lists the tables';

/**
 * The order in which models can be built: waves one after another, the models of a wave side by side.
 * @param known tables that are there without models: staged ones and `ops.*`
 * @throws ModelError for a table that nothing makes, with file, line, column and the nearest name, and for models
 * that need each other in a ring; all at once
 */
export function orderModels(models: readonly Model[], known: Iterable<string>): Model[][] {
  const { waves, mistakes } = sortModels(models, known);
  const found = [...mistakes.values()];
  if (found.length === 0) return waves;
  const unknown = found.filter(({ hint }) => hint === UNKNOWN_HINT);
  if (unknown.length === 0) throw found[0]!;
  throw new ModelError(unknown.map(({ message }) => message).join('\n'), { hint: UNKNOWN_HINT });
}

/**
 * The same, without giving up at a mistake: it costs its model and those that need it, not the others.
 * @param unreadable tables of models whose files cannot be read: who needs them is blocked
 */
export function sortModels(
  models: readonly Model[],
  known: Iterable<string>,
  unreadable: readonly string[] = [],
): OrderedModels {
  const tables = new Set([...known, ...models.map((model) => model.table), ...unreadable]);
  const mistakes = new Map<string, ModelError>();
  for (const model of models) {
    const unknown = [...model.statement.tables, ...related(model).map((name) => ({ name }))]
      .filter((reference) => !tables.has(reference.name))
      .map((reference) => unknownTable(model, reference, tables));
    if (unknown.length === 0) continue;
    mistakes.set(model.name, new ModelError(unknown.join('\n'), { about: model.name, hint: UNKNOWN_HINT }));
  }
  const byTable = new Map(models.map((model) => [model.table, model]));
  for (const model of models) {
    const ring = mistakes.has(model.name) ? undefined : ringOf(model, byTable);
    if (ring) mistakes.set(model.name, ringError(ring));
  }
  const waves: Model[][] = [];
  const built = new Set<string>();
  let left = models.filter(({ name }) => !mistakes.has(name));
  for (;;) {
    const wave = left.filter((model) => needs(model).every((table) => built.has(table)));
    if (wave.length === 0) return { waves, mistakes, blocked: left };
    waves.push(wave);
    for (const model of wave) built.add(model.table);
    left = left.filter((model) => !built.has(model.table));
  }
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

/** The shortest way by which a model needs itself, beginning and ending with it; undefined where there is none. */
function ringOf(model: Model, byTable: ReadonlyMap<string, Model>): Model[] | undefined {
  const seen = new Set<Model>();
  let paths: Model[][] = [[model]];
  while (paths.length > 0) {
    const longer: Model[][] = [];
    for (const path of paths) {
      for (const table of needs(path.at(-1)!)) {
        const next = byTable.get(table);
        if (next === model) return [...path, model];
        if (!next || seen.has(next)) continue;
        seen.add(next);
        longer.push([...path, next]);
      }
    }
    paths = longer;
  }
  return undefined;
}

function ringError(ring: readonly Model[]): ModelError {
  const [model, next] = ring as [Model, Model];
  const reference = model.statement.tables.find((table) => table.name === next.table);
  const place = reference?.place ? `:${reference.place.line}:${reference.place.column}` : '';
  const names = ring.map(({ name }) => name);
  return new ModelError(`${model.file}${place}: models need each other: ${names.join(' → ')}.`, {
    about: model.name,
    hint: 'move what they share into a model of its own',
  });
}
