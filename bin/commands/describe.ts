import type { Command } from 'commander';
import pc from 'picocolors';
import { type DescribedTable, describeTable } from '../../src/app/tables/describe-table.ts';
import { screenTable, widthOf } from '../../src/screen-table.ts';
import { withLakeAt } from '../with-lake.ts';
import { addReadOptions, asRole, printJson, type ReadFlags, runCommand } from './common.ts';

export function defineDescribe(command: Command): void {
  addReadOptions(command)
    .argument('<table>', 'database.table, as `lake tables` lists it')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lake describe canvas.submissions\n  $ lake describe campus.students --role adviser --as 10003',
    )
    .action((table: string, flags: ReadFlags) => runCommand(() => describe(table, flags), flags));
}

async function describe(table: string, flags: ReadFlags): Promise<void> {
  const described = await withLakeAt(flags.campus, { target: flags.target }, async (lake) =>
    describeTable(await asRole(lake, flags), table),
  );
  if (flags.json) printJson(described);
  else process.stdout.write(`${inWords(described)}\n`);
}

const TREATED: { readonly [treatment: string]: string } = {
  keep: '',
  pseudonym: 'pseudonym',
  exclude: 'excluded',
};

function inWords(described: DescribedTable): string {
  const { table, description, grain, owner, rows, upTo, whyOld, columns } = described;
  const lines = [pc.bold(table)];
  if (description) lines.push(description);
  const facts = [
    grain ? `one row per ${grain}` : '',
    rows === undefined ? 'not loaded' : Number.isNaN(rows) ? '' : `${rows.toLocaleString('en-US')} rows`,
    upTo ? `data up to ${upTo.slice(0, 16).replace('T', ' ')} UTC` : '',
    owner ? `owner: ${owner}` : '',
  ];
  lines.push(pc.dim(facts.filter((fact) => fact !== '').join(' · ')));
  if (whyOld && rows !== undefined) lines.push(pc.yellow(`older than the publication: ${whyOld}`));
  if (described.stored) lines.push(pc.dim(storedInWords(described.stored)));
  const classified = columns.some((column) => column.privacy !== undefined);
  const head = classified ? ['column', 'type', 'privacy', 'treatment', 'what'] : ['column', 'type'];
  const list = columns.map((column) => {
    const name = column.key ? `${column.name} ${pc.dim('(key)')}` : column.name;
    const kept = column.treatment !== 'exclude';
    const treated = column.mask ?? TREATED[column.treatment ?? 'keep'] ?? '';
    const what = [column.privacy ?? '', treated, column.description ?? ''];
    return [kept ? name : pc.dim(name), column.type, ...(classified ? what : [])];
  });
  return [...lines, screenTable({ head, rows: list }, widthOf(process.stdout))].join('\n');
}

function storedInWords({ base, changes, rule }: NonNullable<DescribedTable['stored']>): string {
  const count = (n: number) => n.toLocaleString('en-US');
  const lie =
    changes.length === 0
      ? 'no changes beside it'
      : `${changes.length} ${changes.length === 1 ? 'file' : 'files'} of changes (${changes.map(count).join(', ')} rows)`;
  return `kept as a base of ${count(base)} rows and ${lie}: ${rule}`;
}
