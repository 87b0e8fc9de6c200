import type { Vectors } from './vectors.ts';

export const TIMES: Vectors = {
  answered: {},
  refused: {},
};
