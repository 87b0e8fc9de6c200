import type { Vectors } from './vectors.ts';

export const GENERAL: Vectors = {
  answered: {
    'the greatest with a null': 'greatest(1, CAST(NULL AS integer), 3)',
  },
  refused: {
    'the type of an expression': 'typeof(1)',
  },
};
