import { driftPoll, driftStart } from '../src/drift/steps.ts';
import { sisCommit, sisPoll, sisStart } from '../src/sis/steps.ts';
import { handlerFor } from './handler.ts';
import { openAwsLake } from './open-lake.ts';

/** Has DMS copy the SIS, commits what it copied, and has a crawler look at it. */
export const handler = handlerFor([sisStart, sisPoll, sisCommit, driftStart, driftPoll], openAwsLake);
