import type { Vectors } from './vectors.ts';

export const JSON_TEXTS: Vectors = {
  answered: {},
  refused: {},
};
