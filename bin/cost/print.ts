import Table from 'cli-table3';
import type { Estimate } from '../../lib/cost/estimate.ts';
import type { CostEstimates } from '../../src/app/cost/estimate-costs.ts';

/** The estimates as a table, and below it what they take for granted. */
export function inWords(
  { campus, students, estimates, region, pricesOf }: CostEstimates<Estimate>,
  ownRegion?: string,
): string {
  const table = new Table({
    head: ['dollars a month', ...estimates.map(({ profile }) => profile)],
    colAligns: ['left', ...estimates.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const what of linesOf(estimates)) {
    const cells = estimates.map(({ lines }) => lines.find((line) => line.what === what));
    const mark = cells.some((cell) => cell?.approximate) ? ' ~' : '';
    table.push([what + mark, ...cells.map((cell) => (cell ? dollars(cell.monthly) : '–'))]);
  }
  table.push(['Total', ...estimates.map(({ total }) => dollars(total))]);
  return [
    `${campus} on AWS, ${students.toLocaleString('en')} students`,
    table.toString(),
    `Prices of ${region}, written down on ${pricesOf} (lib/cost/prices.json). ~ with a price that could not be checked.`,
    ...(ownRegion === undefined || ownRegion === region
      ? []
      : [
          `aws.region is ${ownRegion}, whose prices are not in the table: most regions are up to a fifth dearer.`,
        ]),
    ...estimates.filter(({ total, budget }) => total > budget).map(overBudget),
    '',
    ...taken(estimates),
    ...estimates.flatMap(unpriced),
  ].join('\n');
}

/** What is in any of them, in the order of the last: the dearest first. */
const linesOf = (estimates: readonly Estimate[]): string[] => [
  ...new Set(estimates.toReversed().flatMap(({ lines }) => lines.map(({ what }) => what))),
];

/** What they all take for granted, once. */
const taken = (estimates: readonly Estimate[]): string[] => [
  'Taken for granted:',
  ...[...new Set(estimates.flatMap(({ assumptions }) => assumptions))].map((text) => `- ${text}`),
];

function unpriced({ profile, unpriced: types }: Estimate): string[] {
  return types.length === 0 ? [] : [`Not in the total of ${profile}: ${types.join(', ')}`];
}

const overBudget = ({ profile, budget }: Estimate): string =>
  `The total of ${profile} passes its budget of ${dollars(budget)} dollars, so AWS will warn every month: raise aws.budget in campus.yaml, or leave out what costs most.`;

const dollars = (amount: number): string => (amount < 0.005 ? '0.00' : amount.toFixed(2));
