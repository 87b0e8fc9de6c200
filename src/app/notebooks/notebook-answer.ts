import { InputError } from '../../errors.ts';
import type { Json } from '../../json.ts';
import { type Answer, type Chart, MOST_ROWS } from '../../notebooks/answer.ts';
import type { Bundle } from '../../notebooks/format.ts';
import { render } from '../../notebooks/render/render.ts';
import type { Asked } from '../../notebooks/run.ts';
import type { Parameter } from '../../ports/parameter.ts';
import type { Cell } from '../../ports/query-engine.ts';
import type { AppLake } from '../app-lake.ts';
import { shownCell } from '../query/cell-text.ts';
import { queryLake } from '../query/query-lake.ts';

/**
 * The rows of a SELECT as a notebook keeps them: 1,000 at most, in JSON. Asked as the session of the lake, through its
 * access policy, and put on record like any query.
 * @throws as `queryLake` does
 */
export async function notebookAnswer(
  lake: AppLake,
  { sql, asOf, parameters }: Asked,
  signal?: AbortSignal,
): Promise<Answer> {
  const answer = await queryLake(lake, {
    sql,
    parameters: Object.entries(parameters).map(([name, value]) => parameterOf(name, value)),
    ...(asOf === undefined ? {} : { asOf }),
    ...(signal === undefined ? {} : { signal }),
    channel: 'api',
  });
  const show = answer.columns.map(shownCell);
  const rows: Json[][] = [];
  let truncated = false;
  for await (const batch of answer.batches()) {
    for (const row of batch) {
      if (rows.length === MOST_ROWS) {
        truncated = true;
        break;
      }
      rows.push(row.map((cell, i) => jsonOf(show[i]!(cell))));
    }
    if (truncated) break;
  }
  return {
    columns: answer.columns.map(({ name, type }) => ({ name, type })),
    rows,
    truncated,
    ...(asOf === undefined ? {} : { publication: asOf }),
  };
}

export { answerSchema, chartSchema } from '../../notebooks/answer.ts';

/** Rows as an output of a notebook. @throws InputError for a chart of columns that they do not have */
export const rendered = (answer: Answer, chart?: Chart): Bundle => render(answer, chart);

/** A value of Python as a value of SQL. */
function parameterOf(written: string, value: string | number | boolean | null): Parameter {
  const name = written.toLowerCase();
  if (typeof value === 'string') return { name, type: 'varchar', value };
  if (typeof value === 'boolean') return { name, type: 'boolean', value: String(value) };
  if (value === null) return { name, type: 'bigint', value: 'null' };
  if (Number.isSafeInteger(value)) return { name, type: 'bigint', value: String(value) };
  if (Number.isFinite(value)) return { name, type: 'double', value: String(value) };
  throw new InputError(`The value of ${written} is no number that a statement can take.`);
}

/** A cell as JSON that no reader rounds. */
function jsonOf(cell: Cell): Json {
  if (typeof cell === 'bigint') {
    const number = Number(cell);
    return Number.isSafeInteger(number) ? number : String(cell);
  }
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : String(cell);
  if (Array.isArray(cell)) return cell.map(jsonOf);
  if (typeof cell === 'object' && cell !== null)
    return Object.fromEntries(Object.entries(cell).map(([name, inner]) => [name, jsonOf(inner)]));
  return cell;
}
