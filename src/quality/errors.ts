import { LakeError } from '../errors.ts';

/** Rows that break a check of severity `fail`: the table keeps the version that people see. */
export class CheckFailedError extends LakeError {}
