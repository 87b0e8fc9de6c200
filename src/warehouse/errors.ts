import { InputError, LakeError } from '../errors.ts';

/** A file in warehouse/procedures that cannot be understood, or uses what not every warehouse has. */
export class ProcedureFileError extends InputError {}

/** The warehouse could not be made to show a publication; it shows what it showed before. */
export class WarehouseLoadError extends LakeError {}
