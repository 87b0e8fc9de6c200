import { InputError, LakeError } from '../../../src/errors.ts';

/** What was asked for would delete more, or less, than was agreed on. Nothing has been touched. */
export class TeardownInputError extends InputError {}

/** Something of the lake would not go. What is gone already stays gone, and the next teardown goes on from there. */
export class TeardownError extends LakeError {}
