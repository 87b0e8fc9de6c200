import { queryTables } from '../access/query.ts';
import type { DisclosureRule } from '../models/disclosure.ts';
import { ModelBuildError } from '../models/errors.ts';
import type { Model } from '../models/model.ts';
import type { Cell } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableVersion } from '../ports/tables.ts';
import { protectRows, type ReleasedValue } from '../privacy/small-numbers/protect-rows.ts';

/** Larger tables than that are no tables to be read by people, and take long to protect. */
const ROWS_AT_MOST = 5000;
const COUNT_TYPES = ['bigint', 'integer'];
const DIMENSION_TYPES = ['varchar', 'bigint', 'integer', 'boolean', 'date'];

type Releasing = Uses<'session' | 'access' | 'report' | 'engine'>;

/**
 * The version of a model that people see: the same, unless its header has a disclosure rule. Then small counts are
 * hidden in it, and others with them.
 * @param run names the version
 * @throws ModelBuildError where the table is none of counts, is too large, or the target cannot do it
 */
export async function releaseModel(
  lake: Releasing,
  model: Model,
  version: TableVersion,
  run: string,
): Promise<TableVersion> {
  const { disclosure: rule, table } = model;
  if (!rule) return version;
  const { engine } = lake.platform;
  const refuse = (why: string, hint: string) =>
    new ModelBuildError(`${model.file} cannot be published: ${why}.`, { about: model.name, hint });
  if (engine.capabilities.background)
    throw refuse(
      'small numbers are protected on one machine only',
      'publish it from there, or without the rule to roles that see persons',
    );
  if (version.rows > ROWS_AT_MOST)
    throw refuse(
      `it has ${version.rows.toLocaleString('en-US')} rows`,
      `make it of ${ROWS_AT_MOST.toLocaleString('en-US')} rows at most, by fewer dimensions`,
    );
  const columns = columnsOf(rule, version);
  const strange = columns.strange;
  if (strange !== undefined)
    throw refuse(strange, 'docs/access.md#small-numbers says what a table of counts is');
  const rows: ReleasedValue[][] = [];
  const answer = await queryTables(lake, `SELECT * FROM ${table}`, { [table]: version }, { isOwn: true });
  for await (const batch of answer.batches()) for (const row of batch) rows.push(row.map(plain));
  const done = await protectRows(rows, columns, rule.min);
  if (done.exposed > 0)
    lake.report.note(
      table,
      `${done.exposed} small counts follow from the totals alone: publish no totals of these rows`,
    );
  return engine.literalTable(table, version.columns, done.rows, `${run}-released`);
}

function columnsOf({ counts, shares }: DisclosureRule, { columns }: TableVersion) {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const typeOf = (i: number) => columns[i]?.type.replace(/\(.*/, '') ?? '';
  const named = [...counts, ...shares.map(({ column }) => column)];
  const missing = named.find((name) => at(name) < 0);
  const dimensions = columns.flatMap(({ name }, i) => (named.includes(name) ? [] : [i]));
  const noCount = counts.find((name) => at(name) >= 0 && !COUNT_TYPES.includes(typeOf(at(name))));
  const noShare = shares.find(({ column }) => at(column) >= 0 && typeOf(at(column)) !== 'double');
  const noDimension = dimensions.find((i) => !DIMENSION_TYPES.includes(typeOf(i)));
  const strange =
    missing !== undefined
      ? `its rule names a column "${missing}", and the SELECT gives none`
      : noCount !== undefined
        ? `${noCount} is ${typeOf(at(noCount))} and no whole number`
        : noShare !== undefined
          ? `${noShare.column} is ${typeOf(at(noShare.column))} and no double`
          : noDimension !== undefined
            ? `${columns[noDimension]!.name} is ${typeOf(noDimension)}, and is neither a count nor a share`
            : dimensions.length === 0
              ? 'it has no dimension'
              : undefined;
  return {
    dimensions,
    counts: counts.map(at),
    shares: shares.map(({ column, of }) => ({ at: at(column), of: at(of) })),
    strange,
  };
}

const plain = (cell: Cell): ReleasedValue =>
  typeof cell === 'bigint'
    ? Number(cell)
    : typeof cell === 'object' && cell !== null
      ? JSON.stringify(cell)
      : cell;
