import { LakeError } from '../errors.ts';

/** A load cannot be staged because of what stands in the raw zone or the ledger, not of its data. */
export class StagingError extends LakeError {}
