import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DeployError } from '../errors.ts';

/** One price of AWS, before taxes and free tiers. */
export interface Price {
  readonly usd: number;
  /** What it buys: `hour`, `GB-month`, `request`. */
  readonly per: string;
  /** When it was written down, `YYYY-MM-DD`. */
  readonly date: string;
  /** AWS's own page of it. */
  readonly source: string;
  /** Where the number was read, as AWS's pages fill theirs in by script. Absent: from memory, approximate. */
  readonly seen?: string;
}

const tableSchema = z.strictObject({
  region: z.string(),
  prices: z.record(
    z.string(),
    z.strictObject({
      usd: z.number().positive(),
      per: z.string(),
      date: z.iso.date(),
      source: z.url(),
      seen: z.url().optional(),
    }),
  ),
});

const table = tableSchema.parse(JSON.parse(readFileSync(new URL('prices.json', import.meta.url), 'utf8')));

/** Where the prices hold; elsewhere in the United States they differ by a tenth or so. */
export const PRICE_REGION = table.region;
/** The oldest of the prices says how old the table is. */
export const PRICE_DATE = Object.values(table.prices)
  .map(({ date }) => date)
  .sort()[0]!;

/** @throws DeployError for what the table does not hold */
export function priceOf(name: string): Price {
  const price = Object.hasOwn(table.prices, name) ? table.prices[name] : undefined;
  if (price) return price;
  throw new DeployError(`the price table has no "${name}"`, {
    about: name,
    hint: 'Add it to lib/cost/prices.json, with its date and source.',
  });
}
