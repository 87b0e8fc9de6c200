import type { CreateDataQualityRulesetCommandInput } from '@aws-sdk/client-glue';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/campus/check-schema.ts';
import { ExportError } from '../../../src/export/errors.ts';
import { rulesOf } from '../../../src/export/glue-data-quality/dqdl.ts';
import { rulesetFiles, rulesetsOf } from '../../../src/export/glue-data-quality/rulesets.ts';
import { checksOfDataset, checksOfModel } from '../../../src/quality/table-check.ts';
import { datasetOf } from '../../quality/datasets.ts';

const LAKE = { name: 'campus-lake', databasePrefix: 'lake_' };

describe('A check in the words of Glue Data Quality', () => {
  it.each<[string, Check, string[]]>([
    ['not null', { kind: 'not_null', columns: ['id', 'state'] }, ['IsComplete "id"', 'IsComplete "state"']],
    ['unique', { kind: 'unique', columns: ['id'] }, ['IsUnique "id" where "id is not null"']],
    [
      'unique together',
      { kind: 'unique', columns: ['id', 'term'] },
      [
        'CustomSql "select count(*) from (select id, term from primary where id is not null and term is not null group by id, term having count(*) > 1) d" = 0',
      ],
    ],
    [
      'accepted texts',
      { kind: 'accepted_values', column: 'state', values: ['on time', 'say "late"', 'back\\slash'] },
      ['ColumnValues "state" in [ "on time", "say \\"late\\"", "back\\\\slash" ] where "state is not null"'],
    ],
    [
      'accepted numbers',
      { kind: 'accepted_values', column: 'level', values: [-1, 2.5, 1e21] },
      ['ColumnValues "level" in [ -1, 2.5, 1000000000000000000000 ] where "level is not null"'],
    ],
    [
      'accepted values of several types',
      { kind: 'accepted_values', column: 'flag', values: [true, "it's"] },
      ["CustomSql \"select count(*) from primary where flag not in (true, 'it\\\\'s')\" = 0"],
    ],
    [
      'range of numbers, both ends within',
      { kind: 'range', column: 'score', min: 0, max: 100.5 },
      [
        'ColumnValues "score" >= 0 where "score is not null"',
        'ColumnValues "score" <= 100.5 where "score is not null"',
      ],
    ],
    [
      'range of days',
      { kind: 'range', column: 'day', min: '2020-01-31' },
      ['CustomSql "select count(*) from primary where cast(day as date) < date \'2020-01-31\'" = 0'],
    ],
    [
      'relationships',
      { kind: 'relationships', column: 'user_id', to: 'canvas.users', field: 'id' },
      [
        'CustomSql "select count(*) from primary c left anti join canvas_users p on c.user_id = p.id where c.user_id is not null" = 0',
      ],
    ],
    ['rows at least', { kind: 'row_count', min: 5, maxDropPercent: 10 }, ['RowCount >= 5']],
    [
      'unique, empty ones too',
      { kind: 'unique', columns: ['id'], nullsDistinct: false },
      ['CustomSql "select count(*) from (select id from primary group by id having count(*) > 1) d" = 0'],
    ],
    ['how new the newest row is', { kind: 'freshness', column: 'day', maxAgeHours: 24 }, []],
    ['rows lost since yesterday', { kind: 'row_count', maxDropPercent: 10 }, []],
  ])('%s', (_what, check, rules) => {
    expect(rulesOf(check)).toEqual(rules);
  });
});

describe('The rulesets of a lake', () => {
  const dataset = datasetOf([{ name: 'id', type: 'bigint' }], {
    checks: [
      { kind: 'not_null', columns: ['id'] },
      { kind: 'relationships', column: 'id', to: 'canvas.users', field: 'id', severity: 'warn' },
      { kind: 'range', column: 'id', min: 1, severity: 'warn' },
    ],
  });
  const model = { checks: [], grain: 'id' };

  it('are one for each table and severity, as Glue takes them', () => {
    const { rulesets, left } = rulesetsOf(
      [
        { table: 'sis.things', checks: checksOfDataset(dataset) },
        { table: 'campus.students', checks: checksOfModel(model, ['id']) },
        { table: 'campus.unsaid', checks: checksOfModel(model, ['other']) },
      ],
      LAKE,
    );
    const requests: readonly CreateDataQualityRulesetCommandInput[] = rulesets;

    expect(requests).toEqual([
      {
        Name: 'campus-lake-sis-things-fail',
        Description: 'Checks of sis.things: the lake does not show data that break these',
        Ruleset: 'Rules = [\n  IsComplete "id"\n]\n',
        TargetTable: { DatabaseName: 'lake_sis', TableName: 'things' },
      },
      {
        Name: 'campus-lake-sis-things-warn',
        Description:
          'Checks of sis.things: the lake only tells of data that break these. An evaluation must be given canvas.users as canvas_users as additional data sources',
        Ruleset:
          'Rules = [\n  CustomSql "select count(*) from primary c left anti join canvas_users p on c.id = p.id where c.id is not null" = 0,\n  ColumnValues "id" >= 1 where "id is not null"\n]\n',
        TargetTable: { DatabaseName: 'lake_sis', TableName: 'things' },
      },
      {
        Name: 'campus-lake-campus-students-fail',
        Description: 'Checks of campus.students: the lake does not show data that break these',
        Ruleset:
          'Rules = [\n  CustomSql "select count(*) from (select id from primary group by id having count(*) > 1) d" = 0\n]\n',
        TargetTable: { DatabaseName: 'lake_campus', TableName: 'students' },
      },
    ]);
    expect(left).toEqual(['sis.things row_count']);
    const files = rulesetFiles(rulesets);
    expect([...files.keys()].slice(0, 2)).toEqual([
      'campus-lake-sis-things-fail.dqdl',
      'campus-lake-sis-things-fail.json',
    ]);
    expect(JSON.parse(files.get('campus-lake-sis-things-warn.json')!)).toEqual(rulesets[1]);
  });

  it('are refused where Glue would refuse them', () => {
    const values = Array.from({ length: 5_000 }, (_, i) => `value number ${i}`);
    const checks = checksOfModel({ checks: [{ kind: 'accepted_values', column: 'state', values }] }, []);
    expect(() => rulesetsOf([{ table: 'campus.long', checks }], LAKE)).toThrow(ExportError);
  });
});
