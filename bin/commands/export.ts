import type { Command } from 'commander';
import { loadCampus } from '../../src/campus/load.ts';
import { writeOwnFiles } from '../../src/export/own-files.ts';
import { whileWorking } from '../progress/while-working.ts';
import { addCommonOptions, type CommonFlags, colours, printJson, runCommand } from './common.ts';

export function defineExport(command: Command): void {
  defineDbt(command);
  defineGlueDataQuality(command);
}

/** For their columns. */
const BUILDING = 'Build every model over empty tables';

interface OutFlags extends CommonFlags {
  readonly out: string;
}

function defineGlueDataQuality(command: Command): void {
  addCommonOptions(command.command('glue-data-quality'))
    .description('the checks as rulesets of AWS Glue Data Quality')
    .option('--out <folder>', 'a new folder, or one of an earlier export', 'glue-data-quality')
    .addHelpText(
      'after',
      `
For each table and severity a ruleset to read (.dqdl) and the request that makes it (.json). The lake runs its checks
itself; these are for those who watch Glue's console. See docs/checks.md.

Example:
  $ lake export glue-data-quality --out rules
  $ aws glue create-data-quality-ruleset --cli-input-json file://rules/campus-lake-campus-students-fail.json`,
    )
    .action((flags: OutFlags) => runCommand(() => exportGlueDataQuality(flags), flags));
}

async function exportGlueDataQuality({ campus: file, out, json }: OutFlags): Promise<void> {
  const { glueRulesetsOf } = await import('../export/glue-rulesets.ts');
  const { rulesetFiles } = await import('../../src/export/glue-data-quality/rulesets.ts');
  const loaded = await loadCampus(file);
  const { rulesets, left } = await whileWorking(BUILDING, { silent: json }, () => glueRulesetsOf(loaded));
  await writeOwnFiles(out, rulesetFiles(rulesets));
  if (json) return printJson({ folder: out, rulesets: rulesets.map(({ Name }) => Name), left });
  const { cyan } = colours();
  process.stdout.write(
    [
      `Wrote ${rulesets.length} rulesets into ${out}.`,
      ...(left.length > 0
        ? [`${left.length} checks compare with the run before and stay with the lake.`]
        : []),
      `${cyan('next:')} aws glue create-data-quality-ruleset --cli-input-json file://${out}/<ruleset>.json`,
      '',
    ].join('\n'),
  );
}

function defineDbt(command: Command): void {
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
    .action((flags: OutFlags) => runCommand(() => exportDbt(flags), flags));
}

async function exportDbt({ campus: file, out, json }: OutFlags): Promise<void> {
  const { dbtProjectOf } = await import('../export/dbt-project.ts');
  const loaded = await loadCampus(file);
  const { project, publication } = await whileWorking(BUILDING, { silent: json }, () => dbtProjectOf(loaded));
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
