import { LakeError } from '../../../errors.ts';

/** Columns of some tables could not be tagged: they stay as they were, and new ones stay hidden. */
export class TaggingError extends LakeError {}
