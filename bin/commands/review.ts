import { type Command, Option } from 'commander';
import { count } from '../../src/app/doctor/finding.ts';
import { type ReviewedCatalog, reviewCatalog } from '../../src/app/review/review-catalog.ts';
import { PRIVACY_CLASSES, type PrivacyClass } from '../../src/campus/catalog-schema.ts';
import type { ProposedTable } from '../../src/campus/discover/review.ts';
import { colours } from '../../src/colours.ts';
import { addCommonOptions, type CommonFlags, openCampus, printJson, runCommand } from './common.ts';

interface ReviewFlags extends CommonFlags {
  readonly class?: readonly PrivacyClass[];
  readonly columns?: boolean;
  readonly accept?: boolean;
}

export function defineReview(command: Command): void {
  addCommonOptions(command)
    .argument(
      '[tables...]',
      'tables of the lake, such as sis.registrar_persons; * is any run of characters',
      ['*'],
    )
    .addOption(
      new Option('--class <classes...>', 'only what was proposed as one of these classes').choices(
        PRIVACY_CLASSES,
      ),
    )
    .option('--columns', 'name each column')
    .option('--accept', 'make the proposals that are listed decisions: takes their marks away in the catalog')
    .addHelpText(
      'after',
      `
\`lake discover\` marks what it proposes with "# proposed". This lists what is still marked, table by table, with
what becomes of it: kept, pseudonym or excluded. Without --accept nothing is written. To decide otherwise than
proposed, edit the line in the catalog and take its mark away there. Exit codes: 0 done, 2 no table has such a name.

Examples:
  $ lake review                                    what nobody has decided on yet
  $ lake review 'sis.registrar_*' --columns        column by column, as --accept would have it
  $ lake review 'sis.registrar_*' --accept         these are as they should be
  $ lake review --class none education --accept    of all tables, what is least sensitive
  $ lake review --json | jq '.tables[].id'`,
    )
    .action((tables: string[], flags: ReviewFlags) => runCommand(() => review(tables, flags), flags));
}

async function review(tables: readonly string[], flags: ReviewFlags): Promise<void> {
  const loaded = await openCampus(flags);
  const { class: classes, accept } = flags;
  const reviewed = await reviewCatalog(loaded, flags.campus, { tables, classes, accept });
  if (flags.json) printJson(reviewed);
  else process.stdout.write(reviewText(reviewed, flags, loaded.catalog.datasets.length));
}

const WORDS = { keep: 'kept', pseudonym: 'pseudonym', exclude: 'excluded', mask: 'masked' } as const;

function reviewText({ tables, files }: ReviewedCatalog, flags: ReviewFlags, loaded: number): string {
  const paint = colours();
  if (tables.length === 0)
    return `Nothing waits for a decision in ${flags.class ? `the classes ${flags.class.join(', ')} of ` : ''}these tables (${count(loaded, 'table')} are loaded).\n`;
  const lines = tables.flatMap((table) => [
    `${table.id}${table.loaded ? '' : paint.dim(' (load: off)')}: ${summaryOf(table)}`,
    ...(flags.columns
      ? table.columns.map(
          ({ column, privacy, treatment }) => `    ${column}: ${privacy}, ${WORDS[treatment]}`,
        )
      : []),
  ]);
  const columns = tables.reduce((sum, table) => sum + table.columns.length, 0);
  const all = `${count(columns, 'column')} of ${count(tables.length, 'table')}`;
  lines.push(
    '',
    flags.accept
      ? `Decided as proposed: ${all}, in ${files.join(', ')}.`
      : `${all} wait for a decision. ${paint.cyan('next:')} the same with --accept, where all of it is right.`,
  );
  return `${lines.join('\n')}\n`;
}

/** `direct 2 kept, secret 1 excluded` */
function summaryOf({ columns }: ProposedTable): string {
  const counts = new Map<string, number>();
  for (const { privacy, treatment } of columns) {
    const key = `${privacy} ${treatment}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .map(([key, n]) => {
      const [privacy, treatment] = key.split(' ') as [string, keyof typeof WORDS];
      return `${privacy} ${n} ${WORDS[treatment]}`;
    })
    .join(', ');
}
