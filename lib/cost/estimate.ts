import { besideTemplates } from './price-data.ts';
import { type Price, priceOf } from './price-table.ts';
import { pricerOf } from './pricers.ts';
import type { Resource } from './template.ts';
import { assumptionsOf, type Usage } from './usage.ts';

/** One price of a line: `quantity` of what `price` names. */
interface Part extends Price {
  readonly price: string;
  readonly quantity: number;
  readonly monthly: number;
}

/** A line of the bill, dollars a month. */
export interface Line {
  readonly what: string;
  readonly monthly: number;
  /** Whether a price in it could not be checked. */
  readonly approximate: boolean;
  readonly parts: readonly Part[];
}

export interface Estimate {
  readonly profile: string;
  readonly lines: readonly Line[];
  /** Dollars a month. */
  readonly total: number;
  /** `aws.budget`, dollars a month: the team hears when it will be passed. */
  readonly budget: number;
  /** Types of resources of which nobody has said what they cost: the total is too low by them. */
  readonly unpriced: readonly string[];
  readonly assumptions: readonly string[];
}

/** What the resources cost in a month, the dearest first. @throws DeployError for a price that is not in the table */
export function estimate(resources: readonly Resource[], usage: Usage): Estimate {
  const byType = grouped(resources, ({ type }) => type);
  const charges = [...byType].flatMap(([type, found]) => pricerOf(type)?.(found, usage) ?? []);
  const parts = [...charges, ...besideTemplates(usage)].map(({ what, price, quantity }) => {
    const found = priceOf(price);
    return { what, part: { price, quantity, monthly: quantity * found.usd, ...found } };
  });
  const lines = [...grouped(parts, ({ what }) => what)].map(([what, group]) =>
    lineOf(
      what,
      group.map((g) => g.part),
    ),
  );
  return {
    profile: usage.settings.profile,
    lines: lines.sort((a, b) => b.monthly - a.monthly),
    total: lines.reduce((sum, { monthly }) => sum + monthly, 0),
    budget: usage.settings.budget,
    unpriced: [...byType.keys()].filter((type) => pricerOf(type) === undefined).sort(),
    assumptions: assumptionsOf(usage),
  };
}

/**
 * What resources cost in a month that stand without the rest of a lake, in dollars: what goes on beside the templates
 * is left out.
 */
export function monthlyOf(resources: readonly Resource[], usage: Usage): number {
  const charges = [...grouped(resources, ({ type }) => type)].flatMap(
    ([type, found]) => pricerOf(type)?.(found, usage) ?? [],
  );
  return charges.reduce((sum, { price, quantity }) => sum + quantity * priceOf(price).usd, 0);
}

/** The same price in several places is one part. */
function lineOf(what: string, all: readonly Part[]): Line {
  const parts = [...grouped(all, ({ price }) => price).values()].map((same) => ({
    ...same[0]!,
    quantity: same.reduce((sum, { quantity }) => sum + quantity, 0),
    monthly: same.reduce((sum, { monthly }) => sum + monthly, 0),
  }));
  return {
    what,
    monthly: parts.reduce((sum, { monthly }) => sum + monthly, 0),
    approximate: parts.some(({ seen }) => seen === undefined),
    parts,
  };
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}
