import { restagePlan } from '../src/staging/restage-plan.ts';
import { stage } from '../src/staging/stage.ts';
import { handlerFor } from './handler.ts';
import { openAwsLake } from './open-lake.ts';

/** Takes loads into the staged tables. */
export const handler = handlerFor([restagePlan, stage], openAwsLake);
