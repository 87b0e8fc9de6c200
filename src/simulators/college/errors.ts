import { InputError } from '../../errors.ts';

/** A folder or file of the Open University data that cannot be read as such. */
export class OuladError extends InputError {}

/** A college that cannot be made as asked. */
export class CollegeError extends InputError {}
