import { sweep } from '../src/pipeline/steps/sweep.ts';
import { handlerFor } from './handler.ts';
import { openAwsLake } from './open-lake.ts';

/** Removes what nobody reads any more: the only function that may. */
export const handler = handlerFor([sweep], openAwsLake);
