import type { FunctionGroup } from './group.ts';

/** Functions of JSON. */
export const JSON_TEXTS: FunctionGroup = {
  supported: `
    is_json_scalar json_array_contains json_array_length json_extract json_extract_scalar json_format json_parse json_size
  `,
  notInSpark: `
    is_json_scalar json_array_contains json_extract json_format json_parse json_size
  `,
  refused: {
    json_array: ['JSON is written by no other engine like this', "put the text together: '[' || … || ']'"],
    json_array_get: ['Athena gives texts of it without their quotes', "write json_extract(j, '$[0]')"],
    json_exists: [
      'paths of the standard are read by Athena alone',
      'write json_extract_scalar(j, path) IS NOT NULL',
    ],
    json_object: [
      'JSON is written by no other engine like this',
      "put the text together: '{\"a\":' || … || '}'",
    ],
    json_query: [
      'paths of the standard are read by Athena alone',
      "write json_extract_scalar(j, '$.a[0]') for each value",
    ],
    json_value: ['paths of the standard are read by Athena alone', "write json_extract_scalar(j, '$.a.b')"],
  },
};
