import { LakeError } from '../../../errors.ts';

/** The engine could not do what was asked: a damaged file, a full disk, a broken promise between versions. */
export class EngineError extends LakeError {}

/** Raw data that does not fit what the catalog says of it. Names dataset, column and file, never the value. */
export class RawDataError extends LakeError {}

/** Pseudonyms or shifted dates are to be made, and there is nothing to make them by. */
export const missingKey = (table: string, column: string): EngineError =>
  new EngineError(`${table}.${column} is stored by a secret key, and this campus has none.`, {
    about: table,
    hint: 'set privacy.key in campus.yaml to where the secret key lies',
  });

/** DuckDB gives no database to work in, a new one neither: no memory, no folder to spill to, or damage inside of it. */
export const cannotOpen = (cause: unknown): EngineError =>
  new EngineError('The database engine of this machine cannot be opened.', {
    hint: "see that there is memory and disk, and that the lake's folder can be written; then try again",
    cause,
  });
