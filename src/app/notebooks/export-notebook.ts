import { ADMINISTRATOR, authorize } from '../../access/authorize.ts';
import { InputError } from '../../errors.ts';
import { lakeOf, type Notebook } from '../../notebooks/format.ts';
import { notebookHtml } from '../../notebooks/html.ts';
import { runNotebook } from '../../notebooks/run.ts';
import { shapeOf, withoutSmallCells } from '../../notebooks/small-cells.ts';
import { publicationOf } from '../../pipeline/published.ts';
import type { AppLake } from '../app-lake.ts';
import { notebookAnswer } from './notebook-answer.ts';
import { incidentDraft } from './write-notebook.ts';

export interface ExportOptions {
  /** The smallest group that is shown in answers about people. Default: 10 */
  readonly least?: number;
  /** Whether what its author has written is shown to another role. Default: no. */
  readonly notes?: boolean;
}

const LEAST = 10;

/**
 * A notebook as one file of HTML, as the session sees the lake: its queries are run again, so that no row in the file is
 * shown. What the author has written is shown to the same role and to the administrator alone; another role gets the
 * notebook of the incident as it may know it.
 * @throws InputError for a notebook of no incident that another role has written
 */
export async function exportNotebook(
  lake: AppLake,
  notebook: Notebook,
  { least = LEAST, notes = false }: ExportOptions = {},
): Promise<string> {
  const { role, incident } = lakeOf(notebook);
  const { session } = lake;
  const isOwn = notes || session.role === ADMINISTRATOR || session.role === role;
  if (!isOwn && typeof incident !== 'string')
    throw new InputError(
      'Another role has written this notebook, and what it says may not be for this one.',
      {
        hint: '--notes exports it with what its author has written; its rows are those of this role in any case',
      },
    );
  const source = isOwn ? notebook : await incidentDraft(lake, String(incident));
  const about = await peopleTables(lake);
  const { notebook: ran } = await runNotebook(source, {
    ask: async (asked) => {
      const answer = await notebookAnswer(lake, asked);
      const shape = await shapeOf(asked.sql);
      const isOfPeople = shape.tables.some(about);
      return isOfPeople && shape.isGrouped ? withoutSmallCells(answer, shape, least) : answer;
    },
    goesOn: true,
  });
  const { title, publication } = lakeOf(source);
  const name = typeof title === 'string' ? title : typeof incident === 'string' ? incident : 'Notebook';
  return notebookHtml(
    ran,
    {
      title: name,
      said: [
        `${lake.campus.name}, as ${session.role} sees it.`,
        ...(typeof publication === 'string' ? [`Rows are those of the publication ${publication}.`] : []),
        ...(least > 1 ? [`Groups of fewer than ${least} people are hidden.`] : []),
      ],
    },
    { code: isOwn },
  );
}

/** Whether a table has columns about people: one whose columns nobody has classified counts as one. */
async function peopleTables(lake: AppLake): Promise<(table: string) => boolean> {
  const { facts, tables } = await publicationOf(lake);
  const isNone = (columns: readonly { readonly privacy?: string }[] | undefined): boolean =>
    columns !== undefined && columns.length > 0 && columns.every(({ privacy }) => privacy === 'none');
  const datasets = new Map(lake.catalog.datasets.map(({ id, columns }) => [id, columns]));
  const known = (await authorize(lake, 'describe', tables)).tables;
  return (table) => {
    // Of the ledger, only the record of who has looked is about people.
    if (table.startsWith('ops.')) return table === 'ops.access';
    return known[table] === undefined || !isNone(datasets.get(table) ?? facts[table]?.header?.columns);
  };
}
