import { InputError, LakeError } from '../errors.ts';

/** A model that cannot be read, ordered or built. The message begins with file and line. */
export class ModelError extends InputError {}

/** A model whose SQL is right and whose building failed. */
export class ModelBuildError extends LakeError {}
