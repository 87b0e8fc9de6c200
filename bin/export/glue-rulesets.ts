import { awsSchema } from '../../src/campus/aws-schema.ts';
import type { LoadedCampus } from '../../src/campus/load.ts';
import { type Rulesets, rulesetsOf } from '../../src/export/glue-data-quality/rulesets.ts';
import { checksOfDataset, checksOfModel } from '../../src/quality/table-check.ts';
import { typedModels } from '../dictionary/model-types.ts';

/** The checks of all datasets that are loaded and of all models, as rulesets of AWS Glue Data Quality. */
export async function glueRulesetsOf(loaded: LoadedCampus): Promise<Rulesets> {
  const { campus, catalog } = loaded;
  const datasets = catalog.datasets.filter(({ load }) => load !== 'off');
  const models = await typedModels(loaded);
  return rulesetsOf(
    [
      ...datasets.map((dataset) => ({ table: dataset.id, checks: checksOfDataset(dataset) })),
      ...models.map(({ model, columns }) => ({
        table: model.table,
        checks: checksOfModel(
          model,
          columns.map(({ name }) => name),
        ),
      })),
    ],
    campus.aws ?? awsSchema.parse({}),
  );
}
