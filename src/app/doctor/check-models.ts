import { renamedText } from '../../campus/renamed-keys.ts';
import { loadAllModels } from '../../models/build-model.ts';
import { type Model, RUN_TABLE } from '../../models/model.ts';
import { orderModels } from '../../models/order-models.ts';
import { remarksOn } from '../../sql/remarks.ts';
import { count, type DoctorContext, type Finding, fail, failed, ok, some, warn } from './finding.ts';

const ABOUT = 'models';

/** The models can be read and ordered, and read only tables that are loaded. */
export async function checkModels({ campus, catalog, features }: DoctorContext): Promise<Finding[]> {
  try {
    const models = await loadAllModels({ campus, features });
    if (models.length === 0)
      return [
        warn(
          ABOUT,
          `there are none in ${campus.models}`,
          'without models there is nothing to query but the staged tables',
        ),
      ];
    const missing = missingTables(models, new Set([...catalog.datasets.map(({ id }) => id), RUN_TABLE]));
    if (missing.length > 0)
      return [
        fail(
          ABOUT,
          `${count(missing.length, 'table')} that they read ${missing.length === 1 ? 'is' : 'are'} not in the catalog: ${some(missing, 12)}`,
          'describe them in the catalog (docs/sis-mapping.md says where Banner, PeopleSoft and Colleague keep what the marts read), or take those models out',
        ),
      ];
    orderModels(models, [...catalog.datasets.map((d) => d.id), RUN_TABLE]);
    const off = new Set(catalog.datasets.filter((d) => d.load === 'off').map((d) => d.id));
    const starved = models.flatMap((model) =>
      model.statement.tables.filter((t) => off.has(t.name)).map((t) => `${model.file} reads ${t.name}`),
    );
    if (starved.length > 0)
      return [
        fail(
          ABOUT,
          `${starved.join('; ')}, which the catalog switches off`,
          'load the table, or take it out of the model',
        ),
      ];
    return [
      ok(ABOUT, `${models.length} can be read and built in order`),
      ...oldNames(models),
      ...remarked(models),
    ];
  } catch (error) {
    return [failed(ABOUT, error)];
  }
}

/** Checks in headers that use a name of an earlier version. */
function oldNames(models: readonly Model[]): Finding[] {
  return models.flatMap(({ file, oldNames: names = [] }) =>
    names.map((name) => warn(ABOUT, `${file}: ${renamedText(name)}`, 'use the new name')),
  );
}

/** Models whose tables differ between this machine and AWS. */
function remarked(models: readonly Model[]): Finding[] {
  return models.flatMap(({ file, statement }) =>
    remarksOn(statement).map(({ text, line, column }) =>
      warn(
        ABOUT,
        `${file}:${line}:${column}: ${text}`,
        'write an exact function where both must be the same, such as count(DISTINCT x)',
      ),
    ),
  );
}

/** What models read that neither the catalog nor another model has, with how many of them read it. */
function missingTables(models: readonly Model[], known: ReadonlySet<string>): string[] {
  const built = new Set(models.map(({ table }) => table));
  const readers = new Map<string, Set<string>>();
  for (const { name, statement } of models)
    for (const { name: table } of statement.tables)
      if (!known.has(table) && !built.has(table))
        readers.set(table, (readers.get(table) ?? new Set()).add(name));
  return [...readers]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([table, { size }]) => `${table} (${count(size, 'model')})`);
}
