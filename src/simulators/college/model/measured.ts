import { readFileSync } from 'node:fs';
import type { Parameters } from './parameters.ts';

/** What was measured on the real students; remade by `npm run calibrate -- <folder>`. */
export const MEASURED: Parameters = JSON.parse(
  readFileSync(new URL('./oulad-parameters.json', import.meta.url), 'utf8'),
);
