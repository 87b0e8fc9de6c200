import { notify } from '../src/notify/step.ts';
import { closeRun } from '../src/pipeline/steps/close-run.ts';
import { handlerFor } from './handler.ts';
import { openAwsLake } from './open-lake.ts';

/** Opens and ends runs, writes lists and records failures for the state machine; tells the team. */
export const handler = handlerFor([closeRun, notify], openAwsLake);
