import { NEWER_CAPITAL, NEWER_SMALL } from '../../unicode-16.ts';
import { macro } from '../rewriting.ts';
import type { Area } from './area.ts';

/** Capital and small letters. Texts of plain letters go the short way. */
export const LETTER_CASE: Area = {
  macros: [
    // The capital of ß is a letter of its own to DuckDB; Trino leaves it as it is.
    `trino_upper(x) AS CASE WHEN strlen(x) = length(x) THEN upper(x)
       ELSE array_to_string(list_transform(string_split(translate(x, '${NEWER_SMALL}', '${NEWER_CAPITAL}'), 'ß'),
         lambda part: upper(part)), 'ß') END`,
    `trino_lower(x) AS CASE WHEN strlen(x) = length(x) THEN lower(x)
       ELSE lower(translate(x, '${NEWER_CAPITAL}', '${NEWER_SMALL}')) END`,
  ],
  calls: {
    upper: macro('trino_upper'),
    lower: macro('trino_lower'),
  },
};
