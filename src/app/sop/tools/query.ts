import { InputError } from '../../../errors.ts';
import type { Json } from '../../../json.ts';
import type { Parameter } from '../../../ports/parameter.ts';
import type { Cell } from '../../../ports/query-engine.ts';
import type { Lake } from '../../../ports/step.ts';
import { list, record, TEXT } from '../../../sop/language/types.ts';
import type { Tool } from '../../../sop/tool.ts';
import { toJson } from '../../query/cell-text.ts';
import { queryLake } from '../../query/query-lake.ts';

/** Rows that a step of a procedure keeps. A criterion that needs more is one for the statement to decide. */
const MOST_ROWS = 1000;

const NUMBERS = /^(tinyint|smallint|integer|bigint|double|real|decimal)/;

/** SELECTs through the lake's role-checked query: a procedure sees what the role sees that runs it. */
export const queryTools = (lake: Lake): Tool[] => [
  {
    name: 'query',
    about: `The rows of a SELECT in Athena's SQL, ${MOST_ROWS} at most; :name in it is an argument of that name`,
    takes: { sql: { type: TEXT, about: 'The SELECT, written in the procedure', written: true } },
    takesMore: true,
    gives: list(record({}, true)),
    roles: 'any',
    acts: false,
    again: 'safe',
    async run({ args: { sql, ...rest }, signal }) {
      const parameters = Object.entries(rest).map(([name, value]) => parameterOf(name, value));
      const answer = await queryLake(lake, { sql: String(sql), parameters, signal });
      const names = answer.columns.map(({ name }) => name);
      const isNumber = answer.columns.map(({ type }) => NUMBERS.test(type));
      const rows: Json[] = [];
      for await (const batch of answer.batches()) {
        for (const cells of batch) {
          if (rows.length === MOST_ROWS)
            throw new InputError(`A query of a procedure has more than ${MOST_ROWS} rows.`, {
              hint: 'count or filter in the statement',
            });
          // Criteria compare counts, so what is a number is one here, also where it came as a text.
          const cell = (i: number) => (isNumber[i] ? numberOf(cells[i] ?? null) : cells[i]);
          rows.push(
            JSON.parse(toJson(Object.fromEntries(names.map((name, i) => [name, cell(i) ?? null])))) as Json,
          );
        }
      }
      return { value: rows, query: String(sql) };
    },
  },
];

/** A number that JavaScript cannot hold, such as a long id, stays the text that it was. */
function numberOf(cell: Cell): Cell {
  if (cell === null) return null;
  const number = Number(cell);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? String(cell) : number;
}

function parameterOf(name: string, value: Json): Parameter {
  if (value === null || typeof value === 'object')
    throw new InputError(`:${name} of a query is a text, a number or true or false.`, {
      hint: 'deal with a missing value before the query, as in `if student is nothing`',
    });
  if (typeof value === 'number')
    return { name, type: Number.isInteger(value) ? 'bigint' : 'double', value: String(value) };
  return { name, type: typeof value === 'boolean' ? 'boolean' : 'varchar', value: String(value) };
}
