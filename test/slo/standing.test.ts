import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publish, type TableFacts } from '../../src/pipeline/publication.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { FeatureLake } from '../../src/ports/feature.ts';
import { standingAsJson } from '../../src/slo/as-json.ts';
import { assess } from '../../src/slo/assess.ts';
import { explanationOf } from '../../src/slo/commands/explain.ts';
import { reportInWords } from '../../src/slo/commands/shown.ts';
import { runTests } from '../../src/slo/commands/tests.ts';
import { slo } from '../../src/slo/feature.ts';
import { historyOf } from '../../src/slo/history.ts';
import { loadObjectives, type Objectives } from '../../src/slo/load-objectives.ts';
import { standings } from '../../src/slo/standing.ts';
import { serviceLevels } from '../../src/slo/step.ts';
import { summaryOf } from '../../src/slo/summary.ts';

const HOUR = 3_600_000;
const FIRST = Date.parse('2026-11-02T09:00:00Z'); // 03:00 in Chicago
const night = (n: number) => FIRST + n * 24 * HOUR;
const runId = (at: number) => `${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}-0000`;

let root: string;
let now: number;
let lake: FeatureLake;
let notes: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'slo-lake-'));
  notes = [];
  const platform = {
    ledger: openLocalLedger(join(root, 'ledger'), { added: slo.opsTables }),
    objects: openLocalObjects(root),
    clock: { now: () => now },
  };
  lake = {
    campus: { root, timeZone: 'America/Chicago', models: 'models' },
    catalog: { datasets: [{ id: 'canvas.submissions' }, { id: 'canvas.users' }] },
    features: [slo],
    report: { note: (_: string, text: string) => void notes.push(text), progress: () => {} },
    platform,
  } as unknown as FeatureLake;
  await writeFile(
    join(root, 'slo.yaml'),
    `objectives:
  fresh: { tables: [canvas.submissions], age: 26h, target: 99%, window: 7d }
  ready: { tables: [canvas.submissions], by: '07:00', target: 90%, window: 14d }
`,
  );
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A night's run: what it published, 30 minutes after its tables were asked for. */
async function run(n: number, upTo = night(n) - HOUR / 2): Promise<void> {
  now = night(n) + 60_000;
  const id = runId(night(n));
  const facts: TableFacts = { asOf: new Date(upTo).toISOString() };
  await publish(lake.platform, {
    id,
    run: id,
    at: new Date(night(n)).toISOString(),
    asOf: facts.asOf!,
    tables: { 'canvas.submissions': { table: 'canvas.submissions', columns: [], rows: 1, storage: {} } },
    facts: { 'canvas.submissions': facts },
  });
  await serviceLevels.run({ run: id }, lake);
}
const objectives = (): Promise<Objectives> =>
  loadObjectives({ root, timeZone: 'America/Chicago' }, new Set(['canvas.submissions', 'canvas.users']));

describe('nights of which the third brought nothing new', () => {
  beforeEach(async () => {
    await run(0);
    await run(1);
    await run(2, night(1) - HOUR / 2);
    await run(3);
  });

  it('are recorded once however often the step is repeated', async () => {
    await serviceLevels.run({ run: runId(night(3)) }, lake);
    const rows = await lake.platform.ledger.rows('published_tables');
    expect(rows).toHaveLength(4);
    expect(await lake.platform.ledger.rows('service_levels')).toHaveLength(8);
  });

  it('were late from 26 hours after the last data until the next night', async () => {
    const [fresh, ready] = await standings(lake.platform.ledger, await objectives(), night(3) + 2 * HOUR);
    // Known up to 02:30 of the second night, so late from 04:30 of the third until 03:00 of the fourth.
    expect(standingAsJson(fresh!)).toMatchObject({ unit: 'minutes', bad: 22.5 * 60, total: 74 * 60 });
    expect(fresh!.budget.left.toString()).toBe(String(100.8 - 1350));
    // Mon, Tue good; at 07:00 of Wed the data were 28.5 hours old; Thu has not come.
    expect(standingAsJson(ready!)).toMatchObject({ unit: 'days', bad: 1, total: 3 });
  });

  it('stand as they stood, whenever it is asked', async () => {
    const at = night(2) + 6 * HOUR;
    const then = await standings(lake.platform.ledger, await objectives(), at);
    await run(4);
    await run(5);
    const later = await standings(lake.platform.ledger, await objectives(), at);
    expect(later.map(standingAsJson)).toEqual(then.map(standingAsJson));
    expect(then[0]!.alerts.map(({ alert, state }) => [alert.name, state.phase])).toEqual([
      ['page-1h', 'firing'],
      ['page-6h', 'firing'],
      ['ticket-1d', 'firing'],
      ['ticket-3d', 'firing'],
    ]);
  });

  it('are told in the report, in the notification and among the remarks', async () => {
    now = night(2) + 8 * HOUR;
    const found = await standings(lake.platform.ledger, await objectives(), now);
    expect(reportInWords(found)).toMatch(/fresh .* page-1h, page-6h/);
    expect((await summaryOf(lake, runId(night(3))))?.lines).toEqual([
      expect.stringMatching(/^fresh is broken: 390 minutes bad, 100\.8 minutes allowed/),
    ]);
    expect(notes.at(-1)).toMatch(/^fresh is broken/);
  });

  it('are explained by table and time', async () => {
    const loaded = await objectives();
    const explained = await explanationOf(
      lake.platform.ledger,
      loaded,
      loaded.objectives[0]!,
      night(3) + HOUR,
    );
    expect(explained.tables).toEqual([
      {
        table: 'canvas.submissions',
        ageMinutes: 90,
        late: [{ from: '2026-11-04T10:30:00.000Z', minutes: 1350 }],
      },
    ]);
  });
});

it('a table that was never shown has no budget to burn and fires nothing', async () => {
  const loaded = await objectives();
  const standing = assess(loaded.objectives[0]!, historyOf([], [], []), loaded.calendar, night(3));
  expect(standing.budget.sli).toBeUndefined();
  expect(standing.exhaustedInMinutes).toBeUndefined();
  expect(standing.alerts.every(({ state }) => state.phase === 'no-data')).toBe(true);
});

it('the first bad minute after the first load pages nobody', async () => {
  await run(0, night(0) - 40 * HOUR);
  const [fresh] = await standings(lake.platform.ledger, await objectives(), night(0) + 60_000);
  expect(fresh!.budget.tally.bad.toString()).toBe('1');
  expect(fresh!.alerts.every(({ state }) => state.phase === 'inactive')).toBe(true);
});

it('a first run that a clock stamped years ahead is known from the second on', async () => {
  const row = (at: string, upTo: string) => ({
    id: at,
    table_name: 'canvas.submissions',
    published_at: at,
    data_as_of: upTo,
  });
  const history = historyOf(
    [
      row('2031-01-01T00:00:00Z', '2026-11-01T08:30:00Z'),
      row('2026-11-02T09:00:00Z', '2026-11-02T08:30:00Z'),
    ],
    [],
    [],
  );
  const loaded = await objectives();
  const standing = assess(
    loaded.objectives[0]!,
    history,
    loaded.calendar,
    Date.parse('2026-11-03T12:30:00Z'),
  );
  expect(standingAsJson(standing)).toMatchObject({ bad: 120, total: 27.5 * 60 });
});

it('announced maintenance and breaks count for nothing', async () => {
  await writeFile(
    join(root, 'slo.yaml'),
    `objectives:
  fresh: { tables: [canvas.submissions], age: 26h, target: 99%, window: 7d }
  ready: { tables: [canvas.submissions], by: '07:00', target: 90%, window: 14d }
breaks: [{ from: 2026-11-04, to: 2026-11-04 }]
maintenance: [{ from: 2026-11-04T04:00, to: 2026-11-05T04:00 }]
`,
  );
  await run(0);
  await run(1);
  await run(3);
  const [fresh, ready] = await standings(lake.platform.ledger, await objectives(), night(3) + 2 * HOUR);
  expect(fresh!.budget.tally.bad.toString()).toBe('0');
  expect(ready!.budget.tally).toMatchObject({ bad: expect.objectContaining({ n: 0n }) });
});

describe('tests of alerts', () => {
  const tests = (expected: string) => `tests:
  - name: a night without a load
    objective: fresh
    shown:
      canvas.submissions:
        - { at: 2026-11-01T09:00Z, upTo: 2026-11-01T08:30Z }
        - { at: 2026-11-02T09:00Z, upTo: 2026-11-02T08:30Z }
    expect:
      - { at: 2026-11-03T10:30Z, firing: [], spent: 0% }
      - ${expected}
`;
  const results = async (text: string) => {
    await writeFile(join(root, 'slo-tests.yaml'), text);
    return runTests(join(root, 'slo-tests.yaml'), await objectives());
  };

  it('pass where the alerts fire as expected', async () => {
    const all = 'firing: [page-1h, page-6h, ticket-1d, ticket-3d]';
    expect(await results(tests(`{ at: 2026-11-03T12:30Z, ${all}, spent: 119.0% }`))).toEqual([
      { name: 'a night without a load', problems: [] },
    ]);
  });

  it('fail with what was found', async () => {
    expect(await results(tests('{ at: 2026-11-03T12:30Z, firing: [page-1h], spent: 12% }'))).toEqual([
      {
        name: 'a night without a load',
        problems: [
          'at 2026-11-03T12:30Z: page-1h should fire, page-1h, page-6h, ticket-1d, ticket-3d does',
          expect.stringMatching(/12% should be spent, 119\.0/),
        ],
      },
    ]);
  });

  it('name an objective that is none', async () => {
    await expect(results(tests('{ at: 2026-11-03T12:30Z }').replace('fresh', 'fesh'))).rejects.toThrow(
      /slo-tests\.yaml:3.*no objective "fesh".*fresh/,
    );
  });
});
