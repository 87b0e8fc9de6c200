import { sisCommit, sisPoll, sisStart } from '../src/sis/steps.ts';
import { handlerFor } from './handler.ts';
import { openAwsLake } from './open-lake.ts';

/** Has DMS copy the SIS, and commits what it copied. */
export const handler = handlerFor([sisStart, sisPoll, sisCommit], openAwsLake);
