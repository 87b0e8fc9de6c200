import { lmsCommit, lmsFetch, lmsPlan, lmsPoll, lmsStart } from '../src/lms/steps.ts';
import { handlerFor } from './handler.ts';
import { openAwsLake } from './open-lake.ts';

/** Loads from the LMS: the only function that speaks to it. */
export const handler = handlerFor([lmsPlan, lmsStart, lmsPoll, lmsFetch, lmsCommit], openAwsLake);
