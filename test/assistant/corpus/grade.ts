import type { Answer } from '../../../src/assistant/answer.ts';
import { diagnose } from '../../../src/assistant/diagnose.ts';
import { understand } from '../../../src/assistant/question/understand.ts';
import type { Vocabulary } from '../../../src/assistant/question/vocabulary.ts';
import { type Draft, factsOf, MINUTE, quietNights, random, ZONE } from './college.ts';
import { PLANTS, type Truth } from './plants.ts';

export interface Case {
  readonly name: string;
  readonly question: string;
  readonly draft: Draft;
  /** Absent: nothing is wrong. */
  readonly truth?: Truth;
}

/** Every kind of trouble, each with nights of its own. */
export const planted = (seed: number): Case[] =>
  Object.entries(PLANTS).map(([name, plant], i) => {
    const draft = quietNights(seed * 100 + i);
    const { question, truth } = plant(draft, random(seed * 1_000 + i));
    return { name, question, draft, truth };
  });

/** Nights in which nothing is wrong. */
export const quiet = (seed: number, count: number): Case[] =>
  Array.from({ length: count }, (_, i) => {
    const draft = quietNights(seed * 10_000 + i);
    const by = random(seed * 20_000 + i);
    const table = by.pick([...draft.tables.keys()]);
    const question = by.pick([
      'what went wrong last night?',
      `why is ${table} late?`,
      `is ${table} ok?`,
      'are there any incidents?',
      `what happened to ${table} yesterday`,
    ]);
    return { name: 'quiet', question, draft };
  });

export const vocabularyOf = ({ tables, incidents, runs }: Draft): Vocabulary => ({
  tables: [...tables.keys()],
  sources: ['canvas', 'sis'],
  columns: new Map([['final_score', ['campus.grades']]]),
  incidents: incidents.map(({ id }) => id),
  runs: runs.map(({ id }) => id),
  zone: ZONE,
});

export function answerOf({ question, draft }: Case): Answer {
  return diagnose(factsOf(draft), understand(question, vocabularyOf(draft), draft.at));
}

/** Exact, in the manner of OpenRCA: the likeliest cause names time (to a minute), component and reason, or it is wrong. */
export function isRight({ truth }: Case, { causes, kind }: Answer): boolean {
  if (truth === undefined) return causes.length === 0 && (kind === 'no-incident' || kind === 'status');
  const [first] = causes;
  return (
    first !== undefined &&
    first.component === truth.component &&
    first.reason === truth.reason &&
    Math.abs(Date.parse(first.time) - Date.parse(truth.time)) <= MINUTE
  );
}
