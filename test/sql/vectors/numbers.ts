import type { Vectors } from './vectors.ts';

export const NUMBERS: Vectors = {
  answered: {
    'abs of a negative number': 'abs(-3)',
    'a division by zero': '1 / 0',
  },
  refused: {},
};
