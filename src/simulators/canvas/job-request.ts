import { validationError } from './api-errors.ts';
import { FORMATS, type Format, MODES, type Mode } from './formats/format.ts';

/** What a data query asks for. `since` makes it an increment. Instants are epoch ms. */
export interface JobRequest {
  readonly format: Format;
  readonly mode: Mode;
  readonly since?: number;
  readonly until?: number;
}

const FIELDS: readonly string[] = ['format', 'mode', 'since', 'until'];

/** @throws ApiError 400 ValidationError, with the place in the text where it is known */
export function readJobRequest(body: string): JobRequest {
  const query = readJson(body);
  if (typeof query !== 'object' || query === null || Array.isArray(query)) {
    throw validationError('Expected a JSON object.', body);
  }
  const fields = query as Record<string, unknown>;
  const extra = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (extra !== undefined) {
    throw validationError(`Unknown property "${extra}".`, body, Math.max(0, body.indexOf(`"${extra}"`)));
  }
  const format = oneOf(FORMATS, fields.format);
  if (!format) throw validationError(`"format" must be one of ${FORMATS.join(', ')}.`, body);
  const mode = fields.mode === undefined || fields.mode === null ? 'expanded' : oneOf(MODES, fields.mode);
  if (!mode) throw validationError(`"mode" must be one of ${MODES.join(', ')}.`, body);
  const since = instant('since', fields.since, body);
  const until = instant('until', fields.until, body);
  if (since === undefined && until !== undefined) throw validationError('"until" needs "since".', body);
  return {
    format,
    mode,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

/** The ids in the body of an object/url call: `[{"id":"…"},…]`. @throws ApiError 400 */
export function readObjectIds(body: string): string[] {
  const list = readJson(body);
  if (!Array.isArray(list)) throw validationError('Expected a JSON array of objects.', body);
  return list.map((entry: unknown) => {
    const id = typeof entry === 'object' && entry !== null ? (entry as { id?: unknown }).id : undefined;
    if (typeof id !== 'string') throw validationError('Every object needs an "id".', body);
    return id;
  });
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw validationError('Malformed JSON.', body, position === undefined ? body.length : Number(position));
  }
}

function oneOf<T extends string>(words: readonly T[], value: unknown): T | undefined {
  return words.find((word) => word === value);
}

function instant(name: string, value: unknown, body: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const zoned = typeof value === 'string' && /(Z|[+-]\d\d:?\d\d)$/i.test(value);
  const ms = zoned ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw validationError(`"${name}" must be an ISO 8601 timestamp with a zone.`, body);
  return ms;
}
