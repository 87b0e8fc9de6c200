import { type SourceLocation, SqlError } from '../sql/errors.ts';

/** How a model is protected so that those may read it who see no single person. */
export interface DisclosureRule {
  /** Counts of fewer people are not shown. */
  readonly min: number;
  /** Columns that count people. */
  readonly counts: readonly string[];
  /** Columns that are shares of a count, from 0 to 1. */
  readonly shares: readonly { readonly column: string; readonly of: string }[];
}

const FORM = /^min (\d{1,4}), counts ((?:\w+)(?: \w+)*)(?:, shares ((?:\w+ of \w+)(?: \w+ of \w+)*))?$/;

/**
 * Reads `min 10, counts students drops, shares dfw_share of students`. Every other column is a dimension.
 * @throws SqlError for anything else
 */
export function readDisclosure(text: string, place: SourceLocation): DisclosureRule {
  const [, min, counts, shares] = FORM.exec(text.trim()) ?? [];
  if (min === undefined || counts === undefined || Number(min) < 3)
    throw new SqlError('The disclosure rule cannot be read.', {
      place,
      hint: 'write "-- disclosure: min 10, counts students drops, shares dfw_share of students", with at least 3',
    });
  const named = { min: Number(min), counts: counts.split(' '), shares: sharesOf(shares) };
  const strange = named.shares.find(({ of }) => !named.counts.includes(of));
  if (strange)
    throw new SqlError(`${strange.column} is a share of ${strange.of}, which is none of the counts.`, {
      place,
    });
  return named;
}

const sharesOf = (text = '') =>
  [...text.matchAll(/(\w+) of (\w+)/g)].map(([, column, of]) => ({ column: column!, of: of! }));
