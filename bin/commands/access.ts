import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { accessMatrix } from '../../src/app/access/access-matrix.ts';
import { type ExplainedTable, explainAccess, explainAll } from '../../src/app/access/explain-access.ts';
import { reviewAccess } from '../../src/app/access/review-access.ts';
import { colours } from '../../src/colours.ts';
import { type OpenPolicy, openPolicy } from '../../src/pipeline/open-policy.ts';
import { withLakeAt } from '../with-lake.ts';
import { defineBreakGlass } from './access/break-glass.ts';
import { defineDisclosures } from './access/disclosures.ts';
import { defineInit } from './access/init.ts';
import { defineLog } from './access/log.ts';
import { defineRedshift } from './access/redshift.ts';
import { addCommonOptions, type CommonFlags, EXIT, printJson, runCommand } from './common.ts';

export function defineAccess(command: Command): void {
  command.addHelpText(
    'after',
    `
access.yaml, next to campus.yaml, says for each role which tables, rows and columns it sees, how, and what for.
\`lake query --role …\` reads the lake as a role. See docs/access.md.`,
  );
  defineInit(command);
  defineRoles(command);
  defineExplain(command);
  defineMatrix(command);
  defineCheck(command);
  defineRedshift(command);
  defineLog(command);
  defineDisclosures(command);
  defineBreakGlass(command);
}

function defineRoles(command: Command): void {
  addCommonOptions(command.command('roles'))
    .description('the roles of access.yaml: who has them, what for, and what must be known of a person')
    .addHelpText('after', '\nExample:\n  $ lake access roles')
    .action((flags: CommonFlags) => runCommand(() => roles(flags), flags));
}

async function roles(flags: CommonFlags): Promise<void> {
  const found = await withPolicy(flags, async ({ policy }) =>
    [...policy.roles.values()].map(({ name, description, purposes, attributes }) => {
      return { name, description, purposes, attributes };
    }),
  );
  if (flags.json) return printJson(found);
  const { bold, dim } = colours();
  const lines = found.map(({ name, description, purposes, attributes }) => {
    const needs = attributes.length > 0 ? `; needs ${attributes.join(', ')}` : '';
    return `${bold(name)}  ${description}\n  ${dim(`for ${purposes.join(', ')}${needs}`)}`;
  });
  process.stdout.write(`${lines.join('\n')}\n`);
}

interface ExplainFlags extends CommonFlags {
  readonly role: string;
  readonly purpose?: string;
  readonly table?: string;
}

function defineExplain(command: Command): void {
  addCommonOptions(command.command('explain'))
    .description('what a role sees, how, and by which line of access.yaml')
    .requiredOption('--role <role>', 'the role')
    .option('--purpose <purpose>', "what the rows are used for (default: the role's first purpose)")
    .option('--table <table>', 'only this table')
    .addHelpText(
      'after',
      `
Examples:
  $ lake access explain --role adviser
  $ lake access explain --role adviser --table campus.students`,
    )
    .action((flags: ExplainFlags) => runCommand(() => explain(flags), flags));
}

async function explain(flags: ExplainFlags): Promise<void> {
  const found = await withPolicy(flags, async (open) => explainAccess(open, flags));
  if (flags.json) return printJson(found);
  const seen = found.filter(({ rows }) => rows !== undefined);
  const shown = flags.table === undefined ? seen : found;
  const hidden = found.length - seen.length;
  const lines = shown.flatMap(tableLines);
  if (flags.table === undefined && hidden > 0)
    lines.push(`${hidden} other tables do not exist for ${flags.role}.`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function tableLines({ table, rows, by, columns }: ExplainedTable): string[] {
  const { bold, dim } = colours();
  if (rows === undefined) return [`${bold(table)}  does not exist for the role ${dim(`(${by})`)}`, ''];
  const name = Math.max(...columns.map((column) => column.name.length));
  const how = Math.max(...columns.map((column) => column.shown.length));
  return [
    `${bold(table)}  ${rows === 'all' ? 'all rows' : `rows where ${rows}`} ${dim(`(${by})`)}`,
    ...columns.map(
      (column) => `  ${column.name.padEnd(name)}  ${column.shown.padEnd(how)}  ${dim(column.by)}`,
    ),
    '',
  ];
}

interface MatrixFlags extends CommonFlags {
  readonly output?: string;
}

function defineMatrix(command: Command): void {
  addCommonOptions(command.command('matrix'))
    .description('what every role sees of every table, as Markdown or JSON')
    .option('-o, --output <file>', 'write it to a file')
    .addHelpText('after', '\nExample:\n  $ lake access matrix -o access-matrix.md')
    .action((flags: MatrixFlags) => runCommand(() => matrix(flags), flags));
}

async function matrix(flags: MatrixFlags): Promise<void> {
  const all = await withPolicy(flags, async (open) => explainAll(open));
  const text = flags.json ? `${JSON.stringify(all, null, 2)}\n` : accessMatrix(all);
  if (flags.output === undefined) process.stdout.write(text);
  else await writeFile(flags.output, text);
}

function defineCheck(command: Command): void {
  addCommonOptions(command.command('check'))
    .description('read access.yaml, and list what it may not mean')
    .addHelpText(
      'after',
      `
A name that is mistyped, a condition that cannot be compared or a mask of the wrong type is an error (exit code 2).
Warnings: a hidden column that another table shows, columns without a privacy class, tables that no role sees.

Example:
  $ lake access check`,
    )
    .action((flags: CommonFlags) => runCommand(() => check(flags), flags));
}

async function check(flags: CommonFlags): Promise<number> {
  const review = await withPolicy(flags, async (open) => reviewAccess(open));
  if (flags.json) printJson(review);
  else {
    const { yellow, green } = colours();
    const lines = review.warnings.map(({ about, text }) => `${yellow('warn')}  ${about}: ${text}`);
    lines.push(
      `${green('ok')}    ${review.answers.toLocaleString('en-US')} answers: ${review.roles} roles, ${review.tables} tables, each column decided`,
    );
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return EXIT.done;
}

const withPolicy = <T>(flags: CommonFlags, work: (open: OpenPolicy) => Promise<T>): Promise<T> =>
  withLakeAt(flags.campus, {}, async (lake) => work(await openPolicy(lake)));
