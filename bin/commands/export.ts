import { join } from 'node:path';
import type { Command } from 'commander';
import { didYouMean } from '../../src/campus/nearest.ts';
import { colours } from '../../src/colours.ts';
import { InputError } from '../../src/errors.ts';
import { writeOwnFiles } from '../../src/export/own-files.ts';
import type { TableSet } from '../../src/ports/tables.ts';
import { loadCampus } from '../load-campus.ts';
import { whileWorking } from '../progress/while-working.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

export function defineExport(command: Command): void {
  defineDbt(command);
  defineGlueDataQuality(command);
  defineParquet(command);
}

/** For their columns. */
const BUILDING = 'Build every model over empty tables';

interface OutFlags extends CommonFlags {
  readonly out: string;
}

function defineParquet(command: Command): void {
  addTargetOption(addCommonOptions(command.command('parquet')))
    .description('every published table as one Parquet file, for DuckDB, Polars, pandas, Spark')
    .option('--out <folder>', 'a new folder, or one of an earlier export', 'parquet')
    .option(
      '--only <databases>',
      'databases of which tables are written, such as campus,canvas (default: all)',
    )
    .addHelpText(
      'after',
      `
The files are <folder>/current/<database>/<table>.parquet, with exactly the rows of one publication. "current" turns to
a new publication in one step; the one before stays until the next export, for programs that are still reading it.
Tables that have not changed are not written again. Only you may read the files. See docs/querying.md.

Example:
  $ lake run && lake export parquet --only campus
  $ duckdb -c "SELECT count(*) FROM 'parquet/current/campus/students.parquet'"`,
    )
    .action((flags: ParquetFlags) => runCommand(() => exportParquetFiles(flags), flags));
}

interface ParquetFlags extends OutFlags, TargetFlags {
  readonly only?: string;
}

async function exportParquetFiles({ campus: file, target, out, only, json }: ParquetFlags): Promise<void> {
  const { exportPublished } = await import('../../src/app/export/export-published.ts');
  const { withLakeAt } = await import('../with-lake.ts');
  const { publicationOf } = await import('../../src/pipeline/published.ts');
  await withLakeAt(file, { target }, async (lake) => {
    const { id, tables } = await publicationOf(lake);
    const wanted = tablesOnly(tables, only);
    const done = await whileWorking('Write the tables', { silent: json }, () =>
      exportPublished(lake, { id, tables: wanted }, out),
    );
    if (json) return printJson({ publication: id, current: join(out, 'current'), ...done });
    process.stdout.write(
      `Wrote ${done.written} tables of publication ${id} into ${out}; ${done.linked} had not changed.\n` +
        `${colours().cyan('next:')} read ${join(out, 'current', '<database>', '<table>.parquet')}\n`,
    );
  });
}

function tablesOnly(tables: TableSet, only: string | undefined): TableSet {
  if (only === undefined) return tables;
  const known = [...new Set(Object.keys(tables).map((name) => name.slice(0, name.indexOf('.'))))].sort();
  const databases = only.split(',').map((name) => name.trim());
  const strange = databases.find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new InputError(`There is no database "${strange}"${didYouMean(strange, known)}.`, {
      hint: `Published are tables of ${known.join(', ')}.`,
    });
  }
  return Object.fromEntries(
    Object.entries(tables).filter(([name]) => databases.includes(name.slice(0, name.indexOf('.')))),
  );
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
  const { glueRulesetsOf } = await import('../../src/app/export/glue-rulesets.ts');
  const { rulesetFiles } = await import('../../src/export/glue-data-quality/rulesets.ts');
  const loaded = await loadCampus(file);
  const { withLake } = await import('../with-lake.ts');
  const { rulesets, left } = await whileWorking(BUILDING, { silent: json }, () =>
    glueRulesetsOf(loaded, withLake),
  );
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
  const [{ dbtProjectOf }, { stockDuckDb }, { withLake }] = await Promise.all([
    import('../../src/app/export/dbt-project.ts'),
    import('../export/stock-duckdb.ts'),
    import('../with-lake.ts'),
  ]);
  const loaded = await loadCampus(file);
  const { project, publication } = await whileWorking(BUILDING, { silent: json }, () =>
    dbtProjectOf(loaded, withLake, stockDuckDb(loaded)),
  );
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
