import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Answer } from '../idioms/answer.ts';

/** Rows and types, or the name of Trino's error. */
export type Recorded = Answer | { readonly error: string };

const fileOf = (area: string): string => fileURLToPath(new URL(`recorded/${area}.jsonl`, import.meta.url));

/** What Trino answered to the vectors of an area, by name. */
export function recordedOf(area: string): { readonly [name: string]: Recorded } {
  if (!existsSync(fileOf(area))) return {};
  const lines = readFileSync(fileOf(area), 'utf8').split('\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, Recorded]));
}

/** Writes the answers down, a line for each, so that a change shows as one. */
export function record(area: string, answers: { readonly [name: string]: Recorded }): void {
  const lines = Object.entries(answers).map((entry) => `${JSON.stringify(entry)}\n`);
  writeFileSync(fileOf(area), lines.join(''));
}
