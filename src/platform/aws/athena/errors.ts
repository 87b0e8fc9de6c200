import { LakeError } from '../../../errors.ts';

/** Athena or Glue could not do what was asked: what was being done, to which table, and what they said. */
export class AthenaError extends LakeError {}

/** Raw data that does not fit what the catalog says of it. Names dataset, column and file, never the value. */
export class RawDataError extends LakeError {}
