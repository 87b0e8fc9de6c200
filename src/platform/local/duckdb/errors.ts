import { LakeError } from '../../../errors.ts';

/** The engine could not do what was asked: a damaged file, a full disk, a broken promise between versions. */
export class EngineError extends LakeError {}

/** Raw data that does not fit what the catalog says of it. Names dataset, column and file, never the value. */
export class RawDataError extends LakeError {}
