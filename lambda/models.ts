import { modelsPlan } from '../src/models/steps.ts';
import { buildModelStep } from '../src/pipeline/steps/build-model.ts';
import { earlyWarning } from '../src/pipeline/steps/early-warning.ts';
import { publishStep } from '../src/pipeline/steps/publish.ts';
import { checkDataset, checksPlan } from '../src/quality/steps.ts';
import { handlerFor } from './handler.ts';
import { openAwsLake } from './open-lake.ts';

/** Asks the query engine: checks, models, early warning; shows people the result. */
export const handler = handlerFor(
  [checksPlan, checkDataset, modelsPlan, buildModelStep, earlyWarning, publishStep],
  openAwsLake,
);
