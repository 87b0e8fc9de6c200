import type { Command } from 'commander';
import pc from 'picocolors';
import { type DescribedTable, describeTable } from '../../src/app/tables/describe-table.ts';
import { screenTable, widthOf } from '../../src/screen-table.ts';
import { withLakeAt } from '../with-lake.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

export function defineDescribe(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .argument('<table>', 'database.table, as `lake tables` lists it')
    .addHelpText('after', '\nExample:\n  $ lake describe canvas.submissions')
    .action((table: string, flags: CommonFlags & TargetFlags) =>
      runCommand(() => describe(table, flags), flags),
    );
}

async function describe(table: string, flags: CommonFlags & TargetFlags): Promise<void> {
  const described = await withLakeAt(flags.campus, { target: flags.target }, (lake) =>
    describeTable(lake, table),
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
    rows === undefined ? 'not loaded' : `${rows.toLocaleString('en-US')} rows`,
    upTo ? `data up to ${upTo.slice(0, 16).replace('T', ' ')} UTC` : '',
    owner ? `owner: ${owner}` : '',
  ];
  lines.push(pc.dim(facts.filter((fact) => fact !== '').join(' · ')));
  if (whyOld && rows !== undefined) lines.push(pc.yellow(`older than the publication: ${whyOld}`));
  const classified = columns.some((column) => column.privacy !== undefined);
  const head = classified ? ['column', 'type', 'privacy', 'treatment', 'what'] : ['column', 'type'];
  const list = columns.map((column) => {
    const name = column.key ? `${column.name} ${pc.dim('(key)')}` : column.name;
    const kept = column.treatment !== 'exclude';
    const what = [column.privacy ?? '', TREATED[column.treatment ?? 'keep'] ?? '', column.description ?? ''];
    return [kept ? name : pc.dim(name), column.type, ...(classified ? what : [])];
  });
  return [...lines, screenTable({ head, rows: list }, widthOf(process.stdout))].join('\n');
}
