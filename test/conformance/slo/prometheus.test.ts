import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { AlertState } from '../../../src/alert-phase.ts';
import type { ServiceLevelsLake } from '../../../src/app/slo/service-levels.ts';
import { freePort } from '../../../src/platform/local/postgres/ports.ts';
import { burnsTooFast, nextState, stateAt } from '../../../src/slo/alert-state.ts';
import { burnRate } from '../../../src/slo/budget.ts';
import { duration } from '../../../src/slo/burn-alerts.ts';
import { exposition } from '../../../src/slo/export/exposition.ts';
import { samplesOf } from '../../../src/slo/export/metrics.ts';
import { metricsServer } from '../../../src/slo/export/metrics-server.ts';
import { prometheusRules } from '../../../src/slo/export/prometheus-rules.ts';
import { readHistory } from '../../../src/slo/history.ts';
import { measure } from '../../../src/slo/measure.ts';
import type { Measured } from '../../../src/slo/measured.ts';
import type { Objective } from '../../../src/slo/objective.ts';
import { openObjectives } from '../../../src/slo/open-objectives.ts';
import { standings } from '../../../src/slo/standing.ts';
import { promiseInWords } from '../../../src/slo/words.ts';
import { type Nights, openNights } from '../../slo/nights.ts';
import { installPrometheus } from './prometheus-install.ts';

const run = promisify(execFile);
const SUBMISSIONS = 'canvas.submissions';

const programs = await installPrometheus();
if (programs === undefined)
  console.warn('SKIPPED: this machine has no package of Prometheus, so its rules are checked by nobody.');

/** Two late nights, one of them for a few minutes, and one on which the table was late for most of a day. */
async function lateNights(): Promise<Nights> {
  const nights = await openNights([SUBMISSIONS]);
  for (let day = 1; day <= 22; day++) {
    const late = {
      12: Date.UTC(2026, 10, 10, 23, 48),
      16: Date.UTC(2026, 10, 15, 0, 11),
      19: Date.UTC(2026, 10, 18, 1),
    };
    nights.night(SUBMISSIONS, day, late[day as keyof typeof late]);
  }
  await nights.write(`objectives:
  fresh: { tables: [${SUBMISSIONS}], age: 26h, target: 99%, window: 28d }
  week: { tables: [${SUBMISSIONS}], age: 26h, target: 99.5%, window: 7d }
  held:
    tables: [${SUBMISSIONS}]
    age: 25h
    target: 95%
    window: 30d
    alerts:
      - { severity: ticket, budget: 5%, long: 6h, for: 45m }
      - { severity: page, budget: 1%, long: 2h, short: 10m }
`);
  nights.now = Date.UTC(2026, 10, 22, 8);
  return nights;
}

describe.skipIf(programs === undefined)('Prometheus', () => {
  let nights: Nights;
  let folder: string;
  let objectives: readonly Objective[];
  let measured: Map<string, Measured>;
  beforeAll(async () => {
    nights = await lateNights();
    folder = await mkdtemp(path.join(tmpdir(), 'prometheus-'));
    const lake = nights.lake() as unknown as ServiceLevelsLake;
    const loaded = await openObjectives(lake);
    ({ objectives } = loaded);
    const history = await readHistory(lake.platform.ledger, 0, nights.now);
    measured = new Map(
      objectives.map((one) => [one.name, measure(one, history, loaded.calendar, nights.now)]),
    );
    await writeFile(path.join(folder, 'rules.yaml'), prometheusRules(objectives));
  });
  afterAll(async () => {
    await nights.remove();
    await rm(folder, { recursive: true, force: true });
  });
  const promtool = (...words: string[]) => run(path.join(programs!, 'promtool'), words, { cwd: folder });

  it('accepts the rules', async () => {
    const { stdout } = await promtool('check', 'rules', 'rules.yaml');
    // 4 + 4 + 2 alerts, and of each objective that it is spent and that nobody knows.
    expect(stdout).toMatch(/SUCCESS: 16 rules found/);
  });

  it('fires and ends as the lake does, minute by minute, over the history of a ledger', async () => {
    const first = Date.UTC(2026, 10, 18, 22) / 60_000;
    const length = 34 * 60;
    const series = objectives.flatMap((objective) =>
      windowsOf(objective).map((windowMs) => ({
        series: `campus_lake_slo_burn_rate{objective="${objective.name}",window="${duration(windowMs)}"}`,
        values: Array.from({ length }, (_, minute) => {
          const rate = burnRate(measured.get(objective.name)!, objective.target, windowMs, first + minute);
          return rate === undefined ? '_' : String(Number(rate));
        }).join(' '),
      })),
    );
    let changes = 0;
    const expected = objectives.flatMap((objective) => {
      const own = measured.get(objective.name)!;
      // Evaluated every minute, as Prometheus does; asking once gives the same, which a property test shows.
      const firing = objective.alerts.map((alert) => {
        let state: AlertState | undefined;
        return Array.from({ length }, (_, minute) => {
          const at = first + minute;
          state = nextState(state, alert, burnsTooFast(own, objective, alert, at), at);
          return state.phase === 'firing';
        });
      });
      const firingAt = (minute: number) => objective.alerts.filter((_, i) => firing[i]![minute]);
      let before = '';
      const tests = [];
      for (let minute = 60; minute < length; minute++) {
        const now = firingAt(minute);
        const names = now.map(({ name }) => name).join();
        // Each minute in which something changes and the one before it, and one in each hour.
        if (names === before && minute % 60 !== 0) continue;
        if (names !== before && minute > 60) {
          changes++;
          for (const alert of objective.alerts)
            expect(stateAt(own, objective, alert, first + minute).phase === 'firing').toBe(
              now.includes(alert),
            );
        }
        tests.push(
          ...(names === before || minute === 60 ? [] : [testAt(objective, minute - 1, firingAt(minute - 1))]),
        );
        tests.push(testAt(objective, minute, now));
        before = names;
      }
      return tests;
    });
    expect(changes).toBeGreaterThan(10);
    await writeFile(
      path.join(folder, 'test.yaml'),
      stringify(
        {
          rule_files: ['rules.yaml'],
          evaluation_interval: '1m',
          tests: objectives.map(({ name }) => ({
            interval: '1m',
            input_series: series.filter((one) => one.series.includes(`objective="${name}"`)),
            alert_rule_test: expected.filter((one) => one.objective === name).map((one) => one.test),
          })),
        },
        { lineWidth: 0, aliasDuplicateObjects: false },
      ),
    );
    const { stdout } = await promtool('test', 'rules', 'test.yaml');
    expect(stdout).toMatch(/SUCCESS/);
  });

  it('loads the rules and reads the endpoint, and its values are those of the lake', async () => {
    const lake = nights.lake() as unknown as ServiceLevelsLake;
    const [own, theirs] = [await freePort(), await freePort()];
    const server = serve({
      fetch: metricsServer(lake, own).fetch,
      port: own,
      hostname: '127.0.0.1',
    });
    await writeFile(
      path.join(folder, 'prometheus.yml'),
      stringify({
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        rule_files: ['rules.yaml'],
        scrape_configs: [{ job_name: 'campus-lake', static_configs: [{ targets: [`127.0.0.1:${own}`] }] }],
      }),
    );
    const child = spawn(
      path.join(programs!, 'prometheus'),
      [
        '--config.file=prometheus.yml',
        '--storage.tsdb.path=data',
        `--web.listen-address=127.0.0.1:${theirs}`,
      ],
      { cwd: folder, stdio: 'ignore' },
    );
    try {
      const samples = await untilScraped(`http://127.0.0.1:${theirs}`, child);
      const lines = exposition(
        samplesOf(await standings(lake.platform.ledger, await openObjectives(lake), nights.now)),
      )
        .split('\n')
        .filter((line) => line && !line.startsWith('#'));
      expect(samples.sort()).toEqual(lines.sort());
      const { data } = (await (await fetch(`http://127.0.0.1:${theirs}/api/v1/rules`)).json()) as {
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
      };
      const rules = data.groups.flatMap((group) => group.rules);
      expect(rules).toHaveLength(16);
      expect(rules.filter(({ lastError }) => lastError)).toEqual([]);
    } finally {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      await new Promise((done) => server.close(done));
    }
  });
});

const windowsOf = ({ alerts }: Objective): number[] => [
  ...new Set(alerts.flatMap(({ windowsMs }) => windowsMs)),
];

function testAt(objective: Objective, minute: number, firing: Objective['alerts']) {
  return {
    objective: objective.name,
    test: {
      eval_time: `${minute}m`,
      alertname: 'ErrorBudgetBurnsTooFast',
      exp_alerts: firing.map(({ name, severity, windowsMs }) => ({
        exp_labels: {
          objective: objective.name,
          burn_alert: name,
          severity,
          window: duration(windowsMs[0]!),
        },
        exp_annotations: {
          summary: `${objective.name} burns its error budget too fast (${name})`,
          description: promiseInWords(objective),
        },
      })),
    },
  };
}

/** What Prometheus has read, as lines of the exposition format; waited for. */
async function untilScraped(endpoint: string, child: ChildProcess): Promise<string[]> {
  for (let tries = 0; tries < 120 && child.exitCode === null; tries++) {
    await sleep(250);
    const answer = await fetch(
      `${endpoint}/api/v1/query?query=${encodeURIComponent('{job="campus-lake",__name__=~"campus_lake_.*"}')}`,
    ).catch(() => undefined);
    if (!answer?.ok) continue;
    const { data } = (await answer.json()) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    if (data.result.length === 0) continue;
    return data.result.map(({ metric, value }) => {
      const { __name__: name, instance: _, job: __, ...labels } = metric;
      const order = ['objective', 'unit', 'window', 'alert', 'severity'];
      const shown = order.flatMap((label) =>
        labels[label] === undefined ? [] : [`${label}="${labels[label]}"`],
      );
      return `${name}{${shown.join(',')}} ${Number(value[1])}`;
    });
  }
  throw new Error('Prometheus did not read the endpoint.');
}
