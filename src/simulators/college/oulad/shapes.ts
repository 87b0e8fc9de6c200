import type { Row, TableShape } from '../college.ts';
import { type Lives, type LivingTable, living } from '../history.ts';

/**
 * The tables of a college that gives some of them rows and leaves the others empty, so that real students come
 * through the same doors as made-up ones: same tables, same columns, null where the data say nothing.
 */
export class Shapes {
  readonly #shapes: ReadonlyMap<string, TableShape>;
  readonly #filled = new Map<string, LivingTable>();

  constructor(shapes: readonly TableShape[]) {
    this.#shapes = new Map(shapes.map((shape) => [`${shape.namespace}.${shape.name}`, shape]));
  }

  /** Gives a table its rows; columns that a row leaves out are null. */
  fill<E>(table: string, lives: Lives<E, Row>): void {
    const shape = this.#shapes.get(table)!;
    const nulls = Object.fromEntries(shape.columns.map(({ name }) => [name, null]));
    this.#filled.set(
      table,
      living(shape, {
        ...lives,
        row: (thing, at) => {
          const row = lives.row(thing, at);
          return row && { ...nulls, ...row };
        },
      }),
    );
  }

  /** Every table in its old order, the unfilled ones without rows. */
  tables(): LivingTable[] {
    return [...this.#shapes].map(
      ([name, shape]) =>
        this.#filled.get(name) ??
        living<never>(shape, { things: [], moments: () => [], row: () => undefined }),
    );
  }
}
