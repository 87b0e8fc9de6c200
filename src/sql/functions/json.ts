import type { FunctionGroup } from './group.ts';

/** Functions of JSON. */
export const JSON_TEXTS: FunctionGroup = {
  supported: `
    json_array_length json_extract_scalar
  `,
  refused: {
    json_extract: ['JSON values are no type of the lake', 'take what is needed as text: json_extract_scalar'],
    json_parse: [
      'JSON values are no type of the lake',
      'keep the text, and read it with json_extract_scalar',
    ],
  },
};
