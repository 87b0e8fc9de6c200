import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Answer } from '../idioms/answer.ts';

/** What a real Trino and a real Spark, which agree, had in their Iceberg tables. */
export interface Recording {
  readonly engines: readonly string[];
  /** The columns of the table into which changes are merged. */
  readonly merged: Answer['columns'];
  /** By scenario: its rows after each load. */
  readonly merges: { readonly [scenario: string]: readonly Answer['rows'][] };
  /** By name: the table made. */
  readonly tables: { readonly [name: string]: Answer };
}

export const RECORDING_FILE = fileURLToPath(new URL('recorded.jsonl', import.meta.url));

export function readRecording(): Recording {
  const [engines, merged, ...lines] = readFileSync(RECORDING_FILE, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const of = <T>(kind: string) =>
    Object.fromEntries(
      (lines as [string, string, T][]).filter(([of]) => of === kind).map(([, name, value]) => [name, value]),
    );
  return {
    engines: engines as string[],
    merged: merged as Recording['merged'],
    merges: of('merge'),
    tables: of('table'),
  };
}

/** The recording as a file, a line for each scenario and table, so that a change shows as one. */
export const recordingText = ({ engines, merged, merges, tables }: Recording): string =>
  [
    engines,
    merged,
    ...Object.entries(merges).map((entry) => ['merge', ...entry]),
    ...Object.entries(tables).map((entry) => ['table', ...entry]),
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

/** The rows of a table after each load, as those of each scenario. @param scenarios in their order */
export function byScenario(scenarios: readonly string[], loads: readonly Answer[]): Recording['merges'] {
  return Object.fromEntries(
    scenarios.map((scenario) => [
      scenario,
      loads.map(({ rows }) =>
        rows
          .filter(([own]) => own === scenario)
          .map(([, ...row]) => row)
          .toSorted((a, b) => Number(a[0]) - Number(b[0])),
      ),
    ]),
  );
}

/** A table's rows have no order. */
export const sorted = ({ columns, rows }: Answer): Answer => ({
  columns,
  rows: rows
    .map((row) => JSON.stringify(row))
    .toSorted()
    .map((text) => JSON.parse(text) as Answer['rows'][number]),
});
