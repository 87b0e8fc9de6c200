import { FEATURES } from '../src/features.ts';
import { modelsPlan } from '../src/models/steps.ts';
import { featureSteps } from '../src/pipeline/feature-steps.ts';
import { applyCatalog } from '../src/pipeline/steps/apply-catalog.ts';
import { buildModelStep } from '../src/pipeline/steps/build-model.ts';
import { keepLedger } from '../src/pipeline/steps/keep-ledger.ts';
import { publishStep } from '../src/pipeline/steps/publish.ts';
import { checkDataset, checksPlan } from '../src/quality/steps.ts';
import { handlerFor } from './handler.ts';
import { openAwsLake } from './open-lake.ts';

/** Follows the catalog, and asks the query engine: checks, models, what features do with them; shows people the result. */
export const handler = handlerFor(
  [
    applyCatalog,
    checksPlan,
    checkDataset,
    modelsPlan,
    buildModelStep,
    ...featureSteps(FEATURES),
    publishStep,
    keepLedger,
  ],
  openAwsLake,
);
