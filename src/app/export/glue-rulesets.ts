import { awsSchema, databasePrefixOf } from '../../campus/aws-schema.ts';
import type { LoadedCampus } from '../../campus/load.ts';
import { type Rulesets, rulesetsOf } from '../../export/glue-data-quality/rulesets.ts';
import { checksOfDataset, checksOfModel } from '../../quality/table-check.ts';
import type { OpenLake } from '../app-lake.ts';
import { typedModels } from '../dictionary/model-types.ts';

/** The checks of all datasets that are loaded and of all models, as rulesets of AWS Glue Data Quality. */
export async function glueRulesetsOf(loaded: LoadedCampus, open: OpenLake): Promise<Rulesets> {
  const { campus, catalog } = loaded;
  const aws = campus.aws ?? awsSchema.parse({});
  const datasets = catalog.datasets.filter(({ load }) => load !== 'off');
  const models = await typedModels(loaded, open);
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
    { name: aws.name, databasePrefix: databasePrefixOf(aws) },
  );
}
