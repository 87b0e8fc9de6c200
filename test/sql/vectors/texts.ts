import type { Vectors } from './vectors.ts';

export const TEXTS: Vectors = {
  answered: {
    'upper of nothing': "upper('')",
    'upper of a null': 'upper(CAST(NULL AS varchar))',
    'the place of an empty text': "strpos('abc', '')",
  },
  refused: {},
};
