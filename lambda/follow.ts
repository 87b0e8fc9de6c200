import { handlerFor } from './handler.ts';
import { openAwsLake } from './open-lake.ts';

/** Follows the changes of the SIS between runs, one round for each call. */
export const handler = handlerFor([], openAwsLake);
