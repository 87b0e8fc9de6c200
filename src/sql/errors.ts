import { InputError } from '../errors.ts';

/** Where in a text something stands; line and column start at 1. */
export interface SourceLocation {
  readonly line: number;
  readonly column: number;
}

/** SQL that cannot be run as written. `line` and `column` are of the text as its author wrote it. */
export class SqlError extends InputError {
  readonly place?: SourceLocation;

  constructor(
    message: string,
    options: { place?: SourceLocation; hint?: string; about?: string; code?: string; cause?: unknown } = {},
  ) {
    super(message, { ...options, line: options.place?.line, column: options.place?.column });
    this.place = options.place;
  }
}
