import { modelsFolder } from '../../src/models/build-model.ts';
import { loadModels } from '../../src/models/load-models.ts';
import { RUN_TABLE } from '../../src/models/model.ts';
import { orderModels } from '../../src/models/order-models.ts';
import { type Finding, fail, failed, ok, type Patient, warn } from './finding.ts';

const ABOUT = 'models';

/** The models can be read and ordered, and read only tables that are loaded. */
export async function checkModels({ campus, catalog }: Patient): Promise<Finding[]> {
  try {
    const models = await loadModels(modelsFolder({ campus }));
    if (models.length === 0)
      return [
        warn(
          ABOUT,
          `there are none in ${campus.models}`,
          'without models there is nothing to query but the staged tables',
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
    return [ok(ABOUT, `${models.length} can be read and built in order`)];
  } catch (error) {
    return [failed(ABOUT, error)];
  }
}
