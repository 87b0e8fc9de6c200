import { macro } from '../rewriting.ts';
import type { Area } from './area.ts';

/** JSON in texts. */
export const JSON_TEXTS: Area = {
  macros: [
    // An object or an array is no scalar: null. A fraction is text as it was written in Athena, shortened here.
    `trino_json_extract_scalar(j, path) AS CASE json_type(j, path) WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL
       WHEN 'DOUBLE' THEN error('A fraction is taken out of JSON as text, which Athena leaves as it was written. Cast it to double or to a decimal.')
       ELSE json_extract_string(j, path) END`,
    `trino_json_number(j, path) AS CASE WHEN json_type(j, path) NOT IN ('OBJECT', 'ARRAY')
       THEN json_extract_string(j, path) END`,
  ],
  calls: {
    json_extract_scalar: macro('trino_json_extract_scalar'),
  },
};
