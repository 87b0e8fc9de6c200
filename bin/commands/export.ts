import type { Command } from 'commander';
import { loadCampus } from '../../src/campus/load.ts';
import { writeOwnFiles } from '../../src/export/own-files.ts';
import { addCommonOptions, type CommonFlags, colours, printJson, runCommand } from './common.ts';

export function registerExport(program: Command): void {
  const command = program
    .command('export')
    .description("write the lake's models and checks in the words of other programs");
  registerDbt(command);
}

interface DbtFlags extends CommonFlags {
  readonly out: string;
}

function registerDbt(command: Command): void {
  addCommonOptions(command.command('dbt'))
    .description('a dbt project that builds the models, with their descriptions and checks')
    .option('--out <folder>', 'the project: a new folder, or one of an earlier export', 'dbt')
    .addHelpText(
      'after',
      `
For dbt-duckdb (over what the lake on this machine has published) and dbt-athena (over the lake on AWS).
Only what an earlier export wrote is replaced; what else is in the folder stays. See docs/dbt.md.

Example:
  $ lake export dbt --out dbt
  $ cd dbt && dbt build`,
    )
    .action((flags: DbtFlags) => runCommand(() => exportDbt(flags), flags));
}

async function exportDbt({ campus: file, out, json }: DbtFlags): Promise<void> {
  const { dbtProjectOf } = await import('../export/dbt-project.ts');
  const { project, publication } = await dbtProjectOf(await loadCampus(file));
  await writeOwnFiles(out, project.files);
  const { models, sources, left } = project;
  if (json) {
    return printJson({
      folder: out,
      files: project.files.size,
      models,
      sources,
      left,
      publication: publication?.id ?? null,
    });
  }
  const { cyan } = colours();
  const over = publication
    ? `publication ${publication.id}`
    : 'empty tables, for nothing has been published yet';
  process.stdout.write(
    [
      `Wrote ${project.files.size} files into ${out}: ${models} models over ${sources} tables of sources.`,
      `DuckDB reads ${over}; export again after a run.`,
      ...(left.length > 0
        ? [`${left.length} checks compare with the run before and stay with the lake.`]
        : []),
      `${cyan('next:')} cd ${out} && dbt build`,
      '',
    ].join('\n'),
  );
}
