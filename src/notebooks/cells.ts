import type { Json } from '../json.ts';
import { CLIENT } from './client.ts';
import { type Cell, type CodeCell, lines, type Notebook } from './format.ts';
import { tripleQuoted } from './python.ts';

/** The tag of cells that the lake has written, and may rewrite for another reader. */
export const OWN = 'lake';
/** The tag by which papermill knows the cell of parameters. */
export const PARAMETERS = 'parameters';

export const markdown = (id: string, text: string, tags: readonly string[] = [OWN]): Cell => ({
  cell_type: 'markdown',
  id,
  metadata: tags.length > 0 ? { tags: [...tags] } : {},
  source: lines(text),
});

export const code = (id: string, source: string, tags: readonly string[] = [OWN]): CodeCell => ({
  cell_type: 'code',
  id,
  metadata: tags.length > 0 ? { tags: [...tags] } : {},
  execution_count: null,
  source: lines(source),
  outputs: [],
});

/** Assignments that papermill replaces. */
export const parameters = (values: Readonly<Record<string, string>>): CodeCell =>
  code(
    'parameters',
    Object.entries(values)
      .map(([name, value]) => `${name} = ${pythonText(value)}`)
      .join('\n'),
    [PARAMETERS],
  );

/** The cell that gives Python the functions `ask`, `show` and `chart`. */
export const client = (): CodeCell => ({
  ...code('lake', CLIENT),
  metadata: { tags: [OWN], jupyter: { source_hidden: true } },
});

/** @param lake what is kept of it besides: what it is about, for listing and rewriting it */
export const notebookOf = (cells: readonly Cell[], lake: Readonly<Record<string, Json>>): Notebook => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
    language_info: { name: 'python' },
    lake: { ...lake },
  },
  cells: [...cells],
});

/** A text as a literal of Python, which is one of JSON too. */
export const pythonText = (text: string): string => JSON.stringify(text);

export interface QueryCell {
  readonly id: string;
  /** What it is asked for: a comment above. */
  readonly about: string;
  /** A name of Python for the answer. */
  readonly name: string;
  readonly sql: string;
  /** Names of Python whose values the statement's `:names` take. Default: none. */
  readonly values?: readonly string[];
  /** The name of the publication that is read. Default: `publication`. */
  readonly asOf?: string;
  /** Default: the rows are shown as a table. */
  readonly chart?: {
    readonly kind: 'bar' | 'line';
    readonly x: string;
    readonly y: string;
    readonly title: string;
  };
}

/** A query and what is shown of its answer. */
export function query({
  id,
  about,
  name,
  sql,
  values = [],
  asOf = 'publication',
  chart,
}: QueryCell): CodeCell {
  const given = values.map((value) => `, ${value}=${value}`).join('');
  const shown = chart
    ? `chart(${name}, kind="${chart.kind}", x="${chart.x}", y="${chart.y}", title=${pythonText(chart.title)})`
    : `show(${name})`;
  return code(
    id,
    `# ${about}\n${name} = ask(${tripleQuoted(`\n${sql.trim()}\n`)}, as_of=${asOf}${given})\n${shown}`,
  );
}
