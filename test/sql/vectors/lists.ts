import type { Vectors } from './vectors.ts';

export const LISTS: Vectors = {
  answered: {},
  refused: {},
};
