import { checkedColumns } from '../../campus/check-checks.ts';
import type { CheckedColumn, ColumnsOf } from '../../campus/check-types.ts';
import { unfitness } from '../../campus/check-types.ts';
import { LakeError } from '../../errors.ts';
import { typedModels } from '../dictionary/model-types.ts';
import type { TypedModel } from '../dictionary/typed-model.ts';
import { type DoctorContext, type Finding, fail, ok } from './finding.ts';

const ABOUT = 'checks';

/** The checks in the headers of the models name columns and tables that are there, of types that they fit. */
export async function checkModelChecks(context: DoctorContext): Promise<Finding[]> {
  let models: TypedModel[];
  try {
    models = await typedModels(context, context.open);
  } catch (error) {
    // `models` says what is wrong with a model that cannot be built over empty tables.
    if (error instanceof LakeError) return [];
    throw error;
  }
  const columnsOf = columnsOfLake(context, models);
  const checks = models.flatMap(({ model, columns, checks: own }) =>
    own.map((check) => ({ model, columns, ...check })),
  );
  const findings = checks.flatMap(({ model, columns, name, check }): Finding[] => {
    const reason = unfitness(check, columns, columnsOf);
    if (reason === undefined) return [];
    return [fail(ABOUT, `${model.file}: ${name}: ${reason}`, 'correct the check in the header of the model')];
  });
  return findings.length > 0 ? findings : [ok(ABOUT, `${checks.length} checks of models fit their tables`)];
}

function columnsOfLake({ campus, catalog }: DoctorContext, models: readonly TypedModel[]): ColumnsOf {
  const built = new Map<string, readonly CheckedColumn[]>(
    models.map(({ model, columns }) => [model.table, columns]),
  );
  return (table) => {
    const dataset = catalog.datasets.find(({ id, load }) => id === table && load !== 'off');
    return dataset ? checkedColumns(dataset, campus) : built.get(table);
  };
}
