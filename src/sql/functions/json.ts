import type { FunctionGroup } from './group.ts';

/** Functions of JSON. */
export const JSON_TEXTS: FunctionGroup = {
  supported: `
    is_json_scalar json_array_contains json_array_length json_exists json_extract json_extract_scalar json_format
    json_parse json_size json_value
  `,
  notInSpark: `
    is_json_scalar json_array_contains json_exists json_extract json_format json_parse json_size json_value
  `,
  refused: {
    json_array: ['JSON is written by no other engine like this', "put the text together: '[' || … || ']'"],
    json_array_get: ['Athena gives texts of it without their quotes', "write json_extract(j, '$[0]')"],
    json_object: [
      'JSON is written by no other engine like this',
      "put the text together: '{\"a\":' || … || '}'",
    ],
    json_query: [
      'it writes JSON as text in a way of its own',
      "write json_format(json_extract(j, '$.a')), or json_value(j, 'lax $.a[0]') for each value",
    ],
  },
};
