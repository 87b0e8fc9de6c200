import type { Vectors } from './vectors.ts';

export const AGGREGATES: Vectors = {
  answered: {},
  refused: {},
};
