import type { KeptNotebook } from '../../app/notebooks/notebook-files.ts';
import type { NotebookRun } from '../../app/notebooks/run-notebook-file.ts';
import type { CellStatus } from '../run.ts';

const WORDS: Readonly<Record<Exclude<CellStatus, 'done'>, string>> = {
  failed: 'failed; the copy says why',
  python: 'needs Python, and was not run',
  needs: 'reads what a cell that needs Python gives, and was not run',
  'not-reached': 'was not reached, since a cell before it failed',
};

export function listInWords(notebooks: readonly KeptNotebook[]): string {
  if (notebooks.length === 0) return 'There is no notebook.';
  return notebooks
    .map(({ file, title, runOf }) => `${file}: ${runOf === undefined ? title : `a run of ${runOf}`}`)
    .join('\n');
}

export function runInWords({ file, comparedWith, cells, differences }: NotebookRun): string {
  const done = cells.filter(({ status }) => status === 'done').length;
  return [
    `${file}: ${done} of ${cells.length} cells of code were run.`,
    ...cells.flatMap(({ id, status }) => (status === 'done' ? [] : [`  ${id} ${WORDS[status]}`])),
    differences.length === 0
      ? `The results are those of ${comparedWith}.`
      : `Otherwise than in ${comparedWith}:`,
    ...differences.map(({ id, text }) => `  ${id}: ${text}`),
  ].join('\n');
}
