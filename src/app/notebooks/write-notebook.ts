import { authorize } from '../../access/authorize.ts';
import { lakeOf, type Notebook } from '../../notebooks/format.ts';
import { blankNotebook, type IncidentStory, incidentNotebook } from '../../notebooks/incident.ts';
import { runNotebook } from '../../notebooks/run.ts';
import { listPublications } from '../../pipeline/publication.ts';
import { publicationOf } from '../../pipeline/published.ts';
import type { AppLake } from '../app-lake.ts';
import { incidentDetails } from '../health/incidents.ts';
import { notebookAnswer } from './notebook-answer.ts';

/** A notebook that was made. */
export interface MadeNotebook {
  /** A name for its file, without ending. */
  readonly name: string;
  readonly notebook: Notebook;
  /** Cells whose query has failed; what they say stands in the notebook. */
  readonly failed: readonly string[];
}

/** Tables of the ledger that a notebook of an incident asks, where its reader may. */
const LEDGER = ['signals', 'steps', 'runs', 'loads', 'checks', 'diagnoses'].map((name) => `ops.${name}`);

/**
 * The notebook of an incident, as the session may know it, with its queries run.
 * @param id of the incident, or the end of it
 * @throws InputError where the session knows of none, or nothing is published
 */
export async function incidentNotebookOf(lake: AppLake, id: string): Promise<MadeNotebook> {
  const draft = await incidentDraft(lake, id);
  const { notebook, cells } = await runNotebook(draft, {
    ask: (asked) => notebookAnswer(lake, asked),
    goesOn: true,
  });
  return {
    name: fileName(String(lakeOf(draft).incident)),
    notebook: writtenFor(lake, notebook),
    failed: cells.flatMap(({ id: cell, status }) => (status === 'failed' ? [cell] : [])),
  };
}

/** The same before its queries are run. @throws as `incidentNotebookOf` does */
export async function incidentDraft(lake: AppLake, id: string): Promise<Notebook> {
  const story = await incidentStory(lake, id);
  const { ledger, engine, objects } = lake.platform;
  const current = await publicationOf(lake);
  // Their names hold the time of their run, as those of runs do.
  const kept = [...new Set([...(await listPublications(objects)), current.id])].sort();
  const seen = kept.filter((name) => name <= story.lastSeenIn).at(-1) ?? current.id;
  const [openedIn] = story.id.split('/') as [string];
  const before = kept.filter((name) => name < openedIn && name !== seen).at(-1);
  const publication = await publicationOf(lake, seen);
  const mayRead = (await authorize(lake, 'query', publication.tables)).tables;
  const ops = (await authorize(lake, 'query', await engine.opsTables(ledger, []))).tables;
  const concerned = [...new Set([...story.tables, ...story.affected])];
  return incidentNotebook(story, {
    publication: seen,
    ...(before === undefined ? {} : { before }),
    tables: concerned.filter((table) => mayRead[table] !== undefined),
    datasets: concerned.filter((table) => lake.catalog.datasets.some(({ id: dataset }) => dataset === table)),
    ledger: LEDGER.filter((table) => ops[table] !== undefined),
  });
}

/** What the session may know of an incident. @throws InputError where it knows of none */
async function incidentStory(lake: AppLake, id: string): Promise<IncidentStory> {
  const { incident, proposals } = await incidentDetails(lake, id);
  return { ...incident, proposals: proposals.filter(({ tables }) => tables.length > 0) };
}

/** A notebook for a question, pinned to what is published now. */
export async function newNotebook(lake: AppLake, title: string): Promise<MadeNotebook> {
  const { id } = await publicationOf(lake);
  return { name: fileName(title), notebook: writtenFor(lake, blankNotebook(title, id)), failed: [] };
}

/** Says for whom it was written: another reader may know less. */
const writtenFor = ({ session }: AppLake, notebook: Notebook): Notebook => ({
  ...notebook,
  metadata: {
    ...notebook.metadata,
    lake: {
      ...(notebook.metadata.lake as object),
      role: session.role,
    },
  },
});

/** `<run>/<key>` becomes `<key>-<run>`, so that incidents of one cause lie together. */
function fileName(text: string): string {
  const [run, ...key] = text.split('/');
  const words = key.length > 0 ? `${key.join('-')}-${run}` : text;
  const name = words
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-zA-Z0-9._-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 100);
  return name === '' ? 'notebook' : name;
}
