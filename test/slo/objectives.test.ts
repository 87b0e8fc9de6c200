import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readShortObjective } from '../../src/campus/short-objective.ts';
import { duration } from '../../src/slo/burn-alerts.ts';
import { loadObjectives, loadObjectivesAtOnce } from '../../src/slo/load-objectives.ts';
import { promiseInWords } from '../../src/slo/words.ts';

const TABLES = new Set(['canvas.submissions', 'canvas.users', 'campus.lists']);
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'slo-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function load(files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return loadObjectives({ root, timeZone: 'America/Chicago' }, TABLES);
}
const problemsOf = async (files: Record<string, string>): Promise<string[]> => {
  const error = await load(files).then(
    () => expect.unreachable(),
    (thrown: { problems: { file: string; line: number; text: string }[] }) => thrown,
  );
  return error.problems.map(({ file, line, text }) => `${file.split('/').at(-1)}:${line} ${text}`);
};

it('a campus without files has no objectives', async () => {
  expect((await load({})).objectives).toEqual([]);
});

it('reads each kind of promise', async () => {
  const { objectives, calendar } = await load({
    'slo.yaml': `
objectives:
  fresh: { tables: [canvas.submissions, canvas.users], age: 26h, target: 99.5% }
  ready: { tables: [campus.lists], by: '07:00', on: [mon, tue, wed, fri], target: 0.95, window: 90d }
  runs: { runs: succeed, target: 98 %, window: calendar month }
  checks: { checks: [canvas.users], target: 99%, alerts: none }
breaks: [{ from: 2026-12-19, to: 2027-01-03, because: between terms }]
maintenance: [{ from: 2026-11-01T00:30, to: 2026-11-01T02:30 }]
`,
  });
  expect(objectives.map(promiseInWords)).toEqual([
    'canvas.submissions, canvas.users no older than 26h in 99.5 % of the minutes of the last 28d',
    'campus.lists ready at 07:00 (Mon, Tue, Wed, Fri), no older than 1d, on 95 % of the days of the last 90d',
    'runs that succeed: 98 % of the runs of the current month',
    'checks of canvas.users that pass: 99 % of the checks of the last 28d',
  ]);
  expect(objectives.map(({ place }) => place)).toEqual([
    'slo.yaml:3',
    'slo.yaml:4',
    'slo.yaml:5',
    'slo.yaml:6',
  ]);
  // The hour from 1 to 2 comes twice in that night: three hours pass.
  const [work] = calendar.maintenance;
  expect(work!.to - work!.from).toBe(180);
});

describe('refuses', () => {
  it.each([
    ['a: { target: 99% }', /promises nothing/],
    ['a: { tables: [canvas.users], target: 99% }', /which promise\? age .* or by/],
    ['a: { tables: [canvas.users], age: 26h, runs: succeed, target: 99% }', /write an objective for each/],
    ['a: { runs: succeed, age: 26h, target: 99% }', /age, by and on are said of tables/],
    [
      'a: { tables: [canvas.submission], age: 26h, target: 99% }',
      /no table "canvas.submission".*submissions/,
    ],
    ['a: { tables: [canvas.users], age: 26h, target: 101% }', /below 100 %/],
    ['a: { tables: [canvas.users], age: 26h, target: 1 }', /target/],
    ['a: { tables: [canvas.users], age: 26 hours, target: 99% }', /a length of time/],
    ['a: { tables: [canvas.users], age: 8h, target: 99% }', /loaded every 1d.*26h can be kept/],
    [
      'a: { tables: [canvas.users], age: 26h, target: 90%, alerts: [{ severity: page, budget: 2%, long: 1h }] }',
      /page-1h can never fire.* 13\.44.*the fastest is 10.*a target of 93 %/,
    ],
    [
      'a: { tables: [canvas.users], age: 26h, target: 99%, window: 7d, alerts: [{ severity: page, budget: 50%, long: 8d }] }',
      /looks back 8d, further than the objective's 7d/,
    ],
    [
      "a: { tables: [canvas.users], by: '07:00', target: 99%, alerts: [{ severity: page, budget: 2%, long: 12h }] }",
      /looks at 1h, in which mostly nothing happens.*every 3d/,
    ],
  ])('%s', async (line, text) => {
    const problems = await problemsOf({ 'slo.yaml': `objectives:\n  ${line}\n` });
    expect(problems.join('\n')).toMatch(text);
    expect(problems.every((problem) => problem.startsWith('slo.yaml:2 '))).toBe(true);
  });

  it('two objectives of one name', async () => {
    const written = 'objectives:\n  a: { runs: succeed, target: 99% }\n';
    const document = `apiVersion: openslo/v1
kind: SLO
metadata: { name: a }
spec:
  indicator: { spec: { ratioMetric: { total: { metricSource: { type: campus-lake, spec: { events: runs } } } } } }
  timeWindow: [{ duration: 28d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.9 }]
`;
    expect(await problemsOf({ 'slo.yaml': written, 'slo/a.yaml': document })).toEqual([
      'a.yaml:1 the objective "a" is also in slo.yaml:2; each needs a name of its own',
    ]);
  });
});

it('leaves out the recommended alerts that could not fire or would fire while the budget lasts', async () => {
  const { objectives } = await load({
    'slo.yaml': `objectives:
  week: { tables: [canvas.users], age: 26h, target: 99%, window: 7d }
  loose: { tables: [canvas.users], age: 26h, target: 80% }
`,
  });
  expect(objectives.map(({ alerts }) => alerts.map(({ name }) => name))).toEqual([
    ['page-1h', 'page-6h', 'ticket-1d', 'ticket-3d'],
    ['ticket-1d', 'ticket-3d'],
  ]);
});

describe('OpenSLO v1', () => {
  const SLI = `apiVersion: openslo/v1
kind: SLI
metadata: { name: age }
spec: { thresholdMetric: { metricSource: { type: campus-lake, spec: { table: canvas.submissions } } } }
`;
  const CONDITION = `apiVersion: openslo/v1
kind: AlertCondition
metadata: { name: fast, annotations: { campus-lake/short-window: 5m } }
spec: { severity: page, condition: { kind: burnrate, op: gte, threshold: 2, lookbackWindow: 1h, alertAfter: 5m } }
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: { name: policy }
spec: { conditions: [{ conditionRef: fast }] }
`;
  const slo = (spec: string) => `apiVersion: openslo/v1
kind: SLO
metadata: { name: fresh }
spec:
  description: what students hand in
  service: canvas
${spec.replaceAll(/^/gm, '  ')}
`;

  it('takes indicators and alerts from other documents and files', async () => {
    const { objectives } = await load({
      'slo/all.yaml': `${SLI}---\n${slo(`indicatorRef: age
timeWindow: [{ duration: 1M, isRolling: false, calendar: { startTime: "2026-01-01 00:00:00", timeZone: Europe/Berlin } }]
budgetingMethod: Timeslices
objectives: [{ op: lte, value: 93600, targetPercent: 99.5, timeSliceTarget: 0.9, timeSliceWindow: 5m }]
alertPolicies: [policy]`)}`,
      'slo/conditions.yaml': CONDITION,
    });
    const [objective] = objectives;
    expect(objective).toMatchObject({
      name: 'fresh',
      owner: 'canvas',
      indicator: { kind: 'age', tables: ['canvas.submissions'], atMostMs: 26 * 3_600_000 },
      window: { kind: 'calendar', unit: 'month', zone: 'Europe/Berlin' },
      budgeting: { method: 'timeslices', sliceMs: 300_000 },
      place: 'slo/all.yaml:6',
    });
    expect(objective!.target.toFraction()).toBe('199/200');
    const [alert] = objective!.alerts;
    expect(alert!.windowsMs.map(duration)).toEqual(['1h', '5m']);
    expect(alert).toMatchObject({ name: 'fast', inclusive: true, forMs: 300_000, severity: 'page' });
  });

  it('weighs objectives with indicators of their own', async () => {
    const part = (table: string, weight: number, target: number) =>
      `{ op: lte, value: 93600, target: ${target}, compositeWeight: ${weight}, indicator: { spec: { thresholdMetric: { metricSource: { type: campus-lake, spec: { table: ${table} } } } } } }`;
    const { objectives } = await load({
      'slo/a.yaml': slo(`timeWindow: [{ duration: 28d, isRolling: true }]
budgetingMethod: Occurrences
objectives:
  - ${part('canvas.submissions', 3, 0.99)}
  - ${part('canvas.users', 1, 0.95)}`),
    });
    expect(objectives).toHaveLength(1);
    expect(objectives[0]!.indicator.kind).toBe('composite');
    expect(objectives[0]!.target.toString()).toBe('0.98');
  });

  it.each([
    ['indicatorRef: ag', /a\.yaml:9 there is no SLI named "ag".*age/],
    [
      'indicator: { spec: { thresholdMetric: { metricSource: { type: prometheus, spec: {} } } } }',
      /metricSource.type: campus-lake.*"prometheus" is measured elsewhere/,
    ],
  ])('says where and why a document means nothing here: %s', async (indicator, text) => {
    const rest = `timeWindow: [{ duration: 28d, isRolling: true }]
budgetingMethod: Occurrences
objectives: [{ op: lte, value: 93600, target: 0.99 }]`;
    const problems = await problemsOf({
      'slo/a.yaml': `# ours\n\n${slo(`${indicator}\n${rest}`)}`,
      'slo/b.yaml': SLI,
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(text);
  });

  it('reads lines that end as Windows ends them', async () => {
    const text = `${SLI}---\n${slo(`indicatorRef: age
timeWindow: [{ duration: 28d, isRolling: true }]
budgetingMethod: Occurrences
objectives: [{ op: lte, value: 93600, target: 0.99 }]`)}`;
    const { objectives } = await load({ 'slo/a.yaml': text.replaceAll('\n', '\r\n') });
    expect(objectives.map(({ name }) => name)).toEqual(['fresh']);
  });

  it('names a document that is none of the formats', async () => {
    expect(await problemsOf({ 'slo/a.yaml': 'apiVersion: openslo/v2\nkind: SLO\n' })).toEqual([
      expect.stringMatching(/^a\.yaml:1 it is none of the formats/),
    ]);
  });
});

it('reads slo-generator v2 with its shared policies, and honours alert: false', async () => {
  const { objectives } = await load({
    'slo/fresh.yaml': `apiVersion: sre.google.com/v2
kind: ServiceLevelObjective
metadata: { name: submissions, labels: { service_name: canvas } }
spec:
  description: fresh
  backend: campus_lake
  method: good_bad_ratio
  exporters: []
  service_level_indicator: { table: canvas.submissions, age: 26h }
  goal: 0.999
  error_budget_policy: ours
`,
    'slo/config.yaml': `default_exporters: []
error_budget_policies:
  ours:
    steps:
      - { name: 1 hour, burn_rate_threshold: 14.4, alert: true, message_alert: Page, message_ok: ok, window: 3600 }
      - { name: 30 days, burn_rate_threshold: 1, alert: false, message_alert: Freeze, message_ok: ok, window: 2592000 }
`,
  });
  expect(objectives[0]).toMatchObject({
    name: 'submissions',
    window: { kind: 'rolling', ms: 30 * 86_400_000 },
  });
  expect(objectives[0]!.alerts.map(({ name, threshold }) => [name, threshold.toString()])).toEqual([
    ['page-1h', '14.4'],
  ]);
});

it('reads what an ODCS contract promises of time', async () => {
  const { objectives } = await load({
    'slo/contract.yaml': `kind: DataContract
apiVersion: v3.1.0
id: c1
name: Student lists
schema: [{ name: lists, physicalName: campus.lists }]
slaProperties:
  - { property: latency, value: 2, unit: d, element: canvas.submissions.submitted_at }
  - { property: retention, value: 3, unit: y }
  - { property: timeOfAvailability, value: '07:00-06:00' }
`,
  });
  expect(objectives.map(({ name, indicator }) => ({ name, ...indicator }))).toMatchObject([
    { name: 'student-lists-latency-1', kind: 'age', tables: ['canvas.submissions'], atMostMs: 172_800_000 },
    {
      name: 'student-lists-time-of-availability-3',
      kind: 'deadline',
      tables: ['campus.lists'],
      at: '07:00',
      zone: '-06:00',
    },
  ]);
});

describe('promises beside their tables', () => {
  const CATALOG = (objectives: string) => `source: canvas
datasets:
  - name: users
    namespace: canvas
    table: users
    key: [id]
    owner: Data team
    columns: [{ name: id, type: bigint, nullable: false, privacy: none }]
${objectives}`;
  const MODEL = (lines: string) => `-- description: lists
-- owner: Advising
${lines}
SELECT 1 AS n`;

  async function loadBoth(files: Record<string, string>) {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), text);
    }
    const campus = { root, timeZone: 'America/Chicago', catalog: 'catalog', models: 'models' };
    const atOnce = (() => {
      try {
        return loadObjectivesAtOnce(campus).objectives;
      } catch {
        return undefined;
      }
    })();
    const { objectives } = await loadObjectives(campus, TABLES);
    expect(atOnce).toEqual(objectives);
    return objectives;
  }

  it('are the promises of slo.yaml, with the owner of the table and where they are written', async () => {
    const objectives = await loadBoth({
      'catalog/more/canvas.yaml': CATALOG(
        '    objectives:\n      # what was agreed\n      - freshness 26h, 99 % over 28d\n      - "checks pass, 99.9%" # always\n',
      ),
      'models/lists.sql': MODEL(
        '-- objective: by 07:00 on school days, 95% over 90d\n-- objective: freshness: 2d,\n--   97%',
      ),
    });
    expect(objectives.map((one) => [one.name, one.owner, one.place, promiseInWords(one)])).toEqual([
      [
        'canvas-users-freshness',
        'Data team',
        'catalog/more/canvas.yaml:11',
        'canvas.users no older than 26h in 99 % of the minutes of the last 28d',
      ],
      [
        'canvas-users-checks',
        'Data team',
        'catalog/more/canvas.yaml:12',
        'checks of canvas.users that pass: 99.9 % of the checks of the last 28d',
      ],
      [
        'campus-lists-ready',
        'Advising',
        'models/lists.sql:3',
        'campus.lists ready at 07:00 (Mon-Fri), no older than 1d, on 95 % of the days of the last 90d',
      ],
      [
        'campus-lists-freshness',
        'Advising',
        'models/lists.sql:4',
        'campus.lists no older than 2d in 97 % of the minutes of the last 28d',
      ],
    ]);
    const [fresh] = (
      await load({ 'slo.yaml': 'objectives:\n  a: { tables: [canvas.users], age: 26h, target: 99% }' })
    ).objectives;
    expect({ ...objectives[0], name: '', owner: '', place: '' }).toEqual({
      ...fresh,
      name: '',
      owner: '',
      place: '',
    });
  });

  it.each([
    [
      '    objectives: ["freshness 26h, 100%"]',
      /canvas.yaml:9:19 canvas.users: its target has to be .*below 100 %$/,
    ],
    ['    objectives: [freshness 8h]', /canvas.yaml:9:18 canvas.users: .*loaded every 1d.*26h can be kept/],
    [
      '    objectives:\n      - by 07:00 on mon, wed\n      - freshness 2d, 99% over calendar month',
      /canvas.yaml:11:9 canvas.users: "users-fresh" in slo.yaml:2 promises this over the same window/,
    ],
  ])('are refused with line and column: %s', async (objectives, expected) => {
    const error = await loadBoth({
      'slo.yaml':
        'objectives:\n  users-fresh: { tables: [canvas.users], age: 2d, target: 95%, window: calendar month }',
      'catalog/canvas.yaml': CATALOG(objectives),
    }).then(
      () => expect.unreachable(),
      (thrown: { problems: { file: string; line: number; column: number; text: string }[] }) => thrown,
    );
    const lines = error.problems.map(
      ({ file, line, column, text }) => `${basename(file)}:${line}:${column} ${text}`,
    );
    expect(lines).toEqual([expect.stringMatching(expected)]);
  });

  it('count a day once, however often it is named', async () => {
    const [ready] = await loadBoth({
      'catalog/canvas.yaml': CATALOG('    objectives: ["by 07:00 on mon, tue, mon"]'),
    });
    expect(ready?.indicator).toMatchObject({ days: [1, 2] });
  });

  it.each([
    ['freshness 26h, 99% over 28d', true],
    ['freshness 26h', true],
    ['freshness: 26h over calendar quarter', true],
    ['by 07:00', true],
    ['by 07:00 on mon tue no older than 30h, 95%', true],
    ['by 7:00', false],
    ['by 25:00', false],
    ['freshness 26', false],
    ['freshness 26h 99%', false],
    ['checks', false],
    ['', false],
  ])('%j is one: %s', (sentence, isOne) => {
    expect(readShortObjective(sentence) !== undefined).toBe(isOne);
  });
});
