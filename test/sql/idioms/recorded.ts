import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Answer } from './answer.ts';
import { type Idioms, isOrdered } from './idiom.ts';

/** Answers of a real Trino and a real Spark, which are the same, by the name of the idiom. */
export interface Recording {
  readonly engines: readonly string[];
  readonly answers: { readonly [name: string]: Answer };
}

export const RECORDING_FILE = fileURLToPath(new URL('recorded.jsonl', import.meta.url));

export function readRecording(): Recording {
  const [engines, ...lines] = readFileSync(RECORDING_FILE, 'utf8').trimEnd().split('\n');
  const answers = lines.map((line) => JSON.parse(line) as [string, Answer]);
  return { engines: JSON.parse(engines!) as string[], answers: Object.fromEntries(answers) };
}

/** An answer whose rows, where the question gives them no order, are put into one. */
export function ordered(sql: string, { columns, rows }: Answer): Answer {
  if (isOrdered(sql)) return { columns, rows };
  const texts = rows.map((row) => JSON.stringify(row)).sort();
  return { columns, rows: texts.map((text) => JSON.parse(text) as Answer['rows'][number]) };
}

/** The answers in the order of the idioms; rows that have no order are put into one. */
export function inOrder(idioms: Idioms, answers: { readonly [name: string]: Answer }): Recording['answers'] {
  return Object.fromEntries(
    Object.keys(idioms).flatMap((name) => {
      const answer = answers[name];
      return answer ? [[name, ordered(idioms[name]!, answer)]] : [];
    }),
  );
}

/** The recording as a file: the engines, then a line for each idiom, so that a change shows as one. */
export const recordingText = ({ engines, answers }: Recording): string =>
  [engines, ...Object.entries(answers)].map((line) => `${JSON.stringify(line)}\n`).join('');
