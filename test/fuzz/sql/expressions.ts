import fc from 'fast-check';
import { scalarForms } from './calls.ts';
import { AGGREGATES, WINDOWS, WINDOWS_OF_TIES } from './group-calls.ts';
import { type FuzzType, filled, oneOf, type ResultType, type Sql, TYPES } from './sql-text.ts';
import { columnsOf } from './tables.ts';
import { valueOrNull } from './values.ts';

/** Orders in which rows are equal, and frames that hold such rows together. */
const TIES = [
  'ORDER BY a.k',
  'ORDER BY a.k DESC NULLS FIRST',
  'PARTITION BY a.ok ORDER BY a.day',
  'PARTITION BY a.k ORDER BY a.s NULLS FIRST, a.d DESC',
  'ORDER BY a.k RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING',
  'ORDER BY a.k DESC RANGE BETWEEN CURRENT ROW AND 2 FOLLOWING',
  'ORDER BY a.n RANGE BETWEEN 3 PRECEDING AND 1 PRECEDING',
  'ORDER BY a.d RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW',
  "ORDER BY a.day RANGE BETWEEN INTERVAL '40' DAY PRECEDING AND CURRENT ROW",
  "ORDER BY a.day DESC RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND INTERVAL '1' MONTH FOLLOWING",
  "ORDER BY a.moment RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '1' HOUR FOLLOWING",
  'ORDER BY a.k GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW',
  'PARTITION BY a.ok ORDER BY a.k GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING',
  'ORDER BY a.x',
  'ORDER BY a.x DESC',
  'PARTITION BY a.x',
  'PARTITION BY a.k, a.ok ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
];

/** Makes expressions over tables that are in scope. */
export class Expressions {
  readonly #tables: readonly string[];
  readonly #made = new Map<string, Sql>();

  constructor(tables: readonly string[]) {
    this.#tables = tables;
  }

  /** A scalar expression of a type, over columns and values. @param depth calls within calls */
  scalar(type: FuzzType, depth: number): Sql {
    return this.#once(`scalar ${type} ${depth}`, () => {
      const columns = columnsOf(type, this.#tables);
      const leaves = [...columns.map((column) => fc.constant(column)), valueOrNull(type)];
      if (depth === 0) return oneOf(leaves[0]!, ...leaves.slice(1));
      const calls = scalarForms(type).map(([text, ...types]) =>
        filled(
          text,
          types.map((one) => this.scalar(one, depth - 1)),
        ),
      );
      const call = fc.oneof(...calls);
      return oneOf(fc.oneof(...leaves), call, call, call);
    });
  }

  /** An aggregate of a type. @param id the unique column of the rows */
  aggregate(type: ResultType, id: string): Sql {
    return this.#once(`aggregate ${type} ${id}`, () => this.#call(AGGREGATES[type], id));
  }

  /** A window function of a type, over rows in the order of a unique column. */
  window(type: ResultType, id: string): Sql {
    return this.#once(`window ${type} ${id}`, () => {
      const partition = oneOf(
        fc.constant(''),
        fc.constantFrom(`PARTITION BY ${id} % 2 `, `PARTITION BY ${id} > 2 `),
      );
      const order = fc.constantFrom(`ORDER BY ${id}`, `ORDER BY ${id} DESC`);
      const frame = oneOf(
        fc.constant(''),
        fc.constantFrom(
          ' ROWS BETWEEN 1 PRECEDING AND CURRENT ROW',
          ' ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING',
          ' ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING',
          ' ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING',
          ' ROWS 1 PRECEDING',
          ' RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING',
          ' RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
          ' GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
        ),
      );
      return fc
        .tuple(this.#call(WINDOWS[type]!, id), partition, order, frame)
        .map(([call, by, sorted, rows]) => {
          const takesFrame = !/^(row_number|rank|ntile|lag|lead|percent_rank|cume_dist)/.test(call);
          return `${call} OVER (${by}${sorted}${takesFrame ? rows : ''})`;
        });
    });
  }

  /** A window function of a type over rows of which some are equal in order: each of them gets the same. */
  windowOfTies(type: ResultType): Sql {
    return this.#once(`ties ${type}`, () =>
      fc
        .tuple(this.#call(WINDOWS_OF_TIES[type]!, 'id'), fc.constantFrom(...TIES))
        .map(([call, over]) => `${call} OVER (${over})`),
    );
  }

  /** A type, and what gives an expression of it. */
  any(make: (type: ResultType) => Sql, types: readonly ResultType[] = TYPES): Sql {
    return fc.oneof(...types.map(make));
  }

  #call(forms: readonly (readonly [string, ...FuzzType[]])[], id: string): Sql {
    return fc.oneof(
      ...forms.map(([text, ...types]) =>
        filled(
          text.replaceAll('ID', id),
          types.map((one) => this.scalar(one, 1)),
        ),
      ),
    );
  }

  #once(key: string, make: () => Sql): Sql {
    const made = this.#made.get(key) ?? make();
    this.#made.set(key, made);
    return made;
  }
}

/** Expressions over one of the tables, or both. */
export const a = new Expressions(['a']);
export const b = new Expressions(['b']);
export const ab = new Expressions(['a', 'b']);
