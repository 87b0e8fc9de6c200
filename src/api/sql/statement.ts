import type { LakeType } from '../../campus/lake-type.ts';
import type { Cell } from '../../ports/query-engine.ts';
import type { BoundValue, Dialect } from './dialect.ts';

/** The values and names of one statement while it is put together. */
export class Writing {
  readonly dialect: Dialect;
  readonly values: BoundValue[] = [];
  #aliases = 0;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /** A name of a relation that no other has. */
  alias(): string {
    return `t${this.#aliases++}`;
  }

  /** A place for a value. */
  bind(value: string, type: LakeType): string {
    // A decimal's digits are its own; how many a column has does not matter to a comparison.
    const bound = { name: `p${this.values.length}`, type, value };
    this.values.push(bound);
    return this.dialect.placeholder(bound, this.values.length - 1);
  }
}

/** An expression that a level gives out. `collected`: it is a list already. */
export interface Leaf {
  readonly sql: string;
  readonly type: LakeType | 'collected';
}

/** What a level of a selection gives out, and how its cells become an object. */
export interface Decoded {
  readonly leaves: readonly Leaf[];
  /** @param cells one for each leaf, in their order */
  readonly decode: (cells: readonly Cell[]) => { [key: string]: unknown };
}

/** A statement, its values, and how its rows become the answer of the root field. */
export interface Compiled {
  readonly sql: string;
  readonly values: readonly BoundValue[];
  readonly decode: (rows: readonly (readonly Cell[])[]) => unknown;
}
