import type { Problem } from '../campus/problem.ts';
import { readShortObjective, type ShortObjective } from '../campus/short-objective.ts';
import type { Objective } from './objective.ts';
import { whyUnfit } from './promises-kept.ts';
import type { WrittenObjective } from './slo-schema.ts';
import { type Setting, toObjective } from './written.ts';

/** A promise in a sentence, where a table is described. */
export interface ShortForm {
  readonly table: string;
  readonly owner?: string;
  readonly sentence: string;
  /** For messages: `catalog/canvas.yaml`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type ShortForms = readonly ShortForm[];

interface Found {
  readonly objectives: readonly Objective[];
  readonly problems: readonly Problem[];
}

/**
 * Objectives of sentences. Sentences that cannot be read are left to the reader of their file, which refuses it.
 * @param written those of slo.yaml and of documents: what they promise is not promised again
 */
export function readShortForms(forms: ShortForms, setting: Setting, written: readonly Objective[]): Found {
  const problems: Problem[] = [];
  const promised = new Map(written.map((objective) => [keyOf(objective), objective]));
  const objectives = forms.flatMap((form): Objective[] => {
    const read = readShortObjective(form.sentence);
    if (!read) return [];
    const { file, line, column, table } = form;
    const say = (text: string) => problems.push({ file, line, column, text });
    const objective = toObjective(
      nameOf(table, read.promise),
      writtenOf(form, read),
      `${file}:${line}`,
      setting,
    );
    const other = promised.get(keyOf(objective));
    if (other)
      say(`${table}: "${other.name}" in ${other.place} promises this over the same window already; keep one`);
    else promised.set(keyOf(objective), objective);
    for (const text of whyUnfit(objective)) say(`${table}: ${text}`);
    return [objective];
  });
  return { objectives, problems };
}

/** `canvas-submissions-freshness` */
const nameOf = (table: string, promise: ShortObjective['promise']): string =>
  `${table.replaceAll(/[^a-z0-9]+/g, '-')}-${promise}`;

function writtenOf(
  { table, owner }: ShortForm,
  { promise, age, by, on, target, window }: ShortObjective,
): WrittenObjective {
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(promise === 'checks' ? { checks: [table] } : { tables: [table] }),
    ...(age === undefined ? {} : { age }),
    ...(by === undefined ? {} : { by, on: [...on!] }),
    target,
    window,
    alerts: 'default',
  };
}

/** Two with one key are one promise, whatever their targets. Undefined: no sentence can promise this. */
function keyOf({ indicator, window }: Objective): string | undefined {
  if (indicator.kind === 'composite' || indicator.kind === 'runs') return undefined;
  const days = indicator.kind === 'deadline' ? [...indicator.days].sort() : [];
  return JSON.stringify([{ ...indicator, days, tables: [...indicator.tables].sort() }, window]);
}
