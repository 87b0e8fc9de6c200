import { modelsPlan } from '../src/models/steps.ts';
import { applyCatalog } from '../src/pipeline/steps/apply-catalog.ts';
import { buildModelStep } from '../src/pipeline/steps/build-model.ts';
import { earlyWarning } from '../src/pipeline/steps/early-warning.ts';
import { publishStep } from '../src/pipeline/steps/publish.ts';
import { checkDataset, checksPlan } from '../src/quality/steps.ts';
import { handlerFor } from './handler.ts';
import { openAwsLake } from './open-lake.ts';

/** Follows the catalog, and asks the query engine: checks, models, early warning; shows people the result. */
export const handler = handlerFor(
  [applyCatalog, checksPlan, checkDataset, modelsPlan, buildModelStep, earlyWarning, publishStep],
  openAwsLake,
);
