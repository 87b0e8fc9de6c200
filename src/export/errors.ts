import { InputError } from '../errors.ts';

/** What was asked for cannot be exported, or not to that folder. Nothing was written. */
export class ExportError extends InputError {}
