import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { Json } from '../json.ts';

/** A notebook as a file has it: https://github.com/jupyter/nbformat/blob/main/nbformat/v4/nbformat.v4.5.schema.json */
export type Notebook = z.infer<typeof notebookSchema>;
export type Cell = z.infer<typeof cellSchema>;
export type CodeCell = Extract<Cell, { cell_type: 'code' }>;
export type Output = z.infer<typeof outputSchema>;
/** What is shown, by media type: one thing in several forms. */
export type Bundle = Readonly<Record<string, Json>>;

const json = z.json() as z.ZodType<Json>;
/** A text, or its lines with their ends. */
const text = z.union([z.string(), z.array(z.string())]);
const metadata = z.record(z.string(), json);

const outputSchema = z.discriminatedUnion('output_type', [
  z.object({
    output_type: z.literal('display_data'),
    data: z.record(z.string(), json),
    metadata,
  }),
  z.object({
    output_type: z.literal('execute_result'),
    execution_count: z.number().int().nullable(),
    data: z.record(z.string(), json),
    metadata,
  }),
  z.object({ output_type: z.literal('stream'), name: z.string(), text }),
  z.object({
    output_type: z.literal('error'),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

const id = z.string().regex(/^[a-zA-Z0-9-_]{1,64}$/);
const cellSchema = z.discriminatedUnion('cell_type', [
  z.object({
    cell_type: z.enum(['markdown', 'raw']),
    id,
    metadata,
    source: text,
    attachments: z.record(z.string(), json).optional(),
  }),
  z.object({
    cell_type: z.literal('code'),
    id,
    metadata,
    execution_count: z.number().int().min(0).nullable(),
    source: text,
    outputs: z.array(outputSchema),
  }),
]);

const notebookSchema = z.object({
  nbformat: z.literal(4),
  nbformat_minor: z.number().int().min(5),
  metadata,
  cells: z.array(cellSchema),
});

/** The longest file that is read, in characters. */
const LONGEST = 50_000_000;

/**
 * Reads an `.ipynb` of format 4.5 or a later 4.x.
 * @param name of the file, for what is said
 * @throws InputError where it is none, or two cells have one id, which no schema can say
 */
export function readNotebook(written: string, name: string): Notebook {
  const refuse = (why: string): InputError =>
    new InputError(`${name} is no notebook that can be read: ${why}.`, {
      hint: 'it must be of nbformat 4.5; `jupyter nbconvert --to notebook` converts older ones',
    });
  if (written.length > LONGEST) throw refuse('it is longer than 50 MB');
  let data: unknown;
  try {
    data = JSON.parse(written);
  } catch {
    throw refuse('it is not JSON');
  }
  const read = notebookSchema.safeParse(data);
  if (!read.success)
    throw refuse(`${read.error.issues[0]?.path.join('.') || 'its form'} is not as it should be`);
  const ids = new Set<string>();
  for (const { id: one } of read.data.cells) {
    if (ids.has(one)) throw refuse(`two cells have the id ${one}`);
    ids.add(one);
  }
  return read.data;
}

/** The file of a notebook, as Jupyter writes it. */
export const notebookText = (notebook: Notebook): string => `${JSON.stringify(notebook, null, 1)}\n`;

/** A text of a cell or an output in one piece. */
export const wholeText = (given: string | readonly string[]): string =>
  typeof given === 'string' ? given : given.join('');

/** A text as the lines of a file, each with its end but the last: what tools that compare notebooks expect. */
export const lines = (given: string): string[] => given.split(/(?<=\n)/);

export const tagsOf = ({ metadata: { tags } }: Cell): readonly string[] =>
  Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];

/** What the lake has kept of a notebook or a cell in its metadata. */
export const lakeOf = ({ metadata: { lake } }: Pick<Notebook, 'metadata'>): Readonly<Record<string, Json>> =>
  typeof lake === 'object' && lake !== null && !Array.isArray(lake) ? lake : {};
