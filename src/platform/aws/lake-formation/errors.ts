import { LakeError } from '../../../errors.ts';

/** Columns of some tables could not be tagged: they stay as they were, and new ones stay hidden. */
export class TaggingError extends LakeError {}

/** The access mode is not what campus.yaml says: something is open to IAM, or closed to it, that should not be. */
export class AccessModeError extends LakeError {}
