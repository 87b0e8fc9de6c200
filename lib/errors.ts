import { InputError } from '../src/errors.ts';

/** campus.yaml asks for something that the AWS target cannot deploy as written. */
export class DeployError extends InputError {}
