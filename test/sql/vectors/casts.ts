import type { Vectors } from './vectors.ts';

export const CASTS: Vectors = {
  answered: {},
  refused: {},
};
