import { randomBytes } from 'node:crypto';
import { didYouMean } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import type { Cell, QueryResult } from '../../ports/query-engine.ts';

/** 64 random bits: of a million people, no two get one code but once in forty million releases. */
const CODE_BYTES = 8;

/**
 * An answer in which people have random codes in place of their numbers, made for this answer alone: for extracts that
 * leave the college (34 CFR 99.31(b)). A code has nothing to do with the number that it stands for, and which stands for
 * which is kept nowhere, so that two releases cannot be joined by them and nobody can look one up.
 * @param names columns that hold numbers of people; one number gets one code in all of them
 * @throws InputError for a column that the answer does not have
 */
export function coded<T extends QueryResult>(answer: T, names: readonly string[]): T {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const known = answer.columns.map(({ name }) => name);
  const strange = [...wanted].find((name) => !known.some((one) => one.toLowerCase() === name));
  if (strange !== undefined)
    throw new InputError(`The answer has no column "${strange}"${didYouMean(strange, known)}`, {
      hint: 'name the columns of the answer that hold numbers of people',
    });
  const isCoded = known.map((name) => wanted.has(name.toLowerCase()));
  const codes = new Map<string, string>();
  const codeOf = (value: Cell): Cell => {
    if (value === null) return null;
    // One person's number is one, however it is written.
    const id = String(typeof value === 'object' ? JSON.stringify(value) : value)
      .trim()
      .toLowerCase();
    const code = codes.get(id) ?? randomBytes(CODE_BYTES).toString('hex');
    codes.set(id, code);
    return code;
  };
  return {
    ...answer,
    columns: answer.columns.map((column, i) => (isCoded[i] ? { ...column, type: 'varchar' } : column)),
    async *batches() {
      for await (const rows of answer.batches())
        yield rows.map((row) => row.map((cell, i) => (isCoded[i] ? codeOf(cell) : cell)));
    },
  };
}
