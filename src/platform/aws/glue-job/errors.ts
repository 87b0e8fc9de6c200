import { LakeError } from '../../../errors.ts';

/** The Spark job did not make a table: of which model, in which run of the job, and what it said. */
export class SparkJobError extends LakeError {}
