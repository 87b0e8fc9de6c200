import { LakeError } from '../errors.ts';

/** A load cannot be staged because of the raw zone or the ledger, not of its data. */
export class StagingError extends LakeError {}
