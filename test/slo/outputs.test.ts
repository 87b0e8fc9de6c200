import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import { CloudEvent } from 'cloudevents';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channelFor } from '../../src/notify/channel.ts';
import { asNotice, composeNotice } from '../../src/notify/compose-notice.ts';
import { announce, noticesOfRun } from '../../src/slo/announce.ts';
import { exceptionId, keepSilence } from '../../src/slo/exceptions.ts';
import { exposition } from '../../src/slo/export/exposition.ts';
import { grafanaDashboard } from '../../src/slo/export/grafana.ts';
import { metricsServer } from '../../src/slo/export/metrics-server.ts';
import { prometheusRules } from '../../src/slo/export/prometheus-rules.ts';
import { openObjectives } from '../../src/slo/open-objectives.ts';
import { signalsOf } from '../../src/slo/signals.ts';
import { closeReceivers, receiver } from '../notify/receivers.ts';
import { type Nights, openNights } from './nights.ts';

const SUBMISSIONS = 'canvas.submissions';
const OBJECTIVES = `objectives:
  fresh: { tables: [${SUBMISSIONS}], age: 26h, target: 99%, window: 28d, owner: Data team }
`;

let nights: Nights;
beforeEach(async () => {
  nights = await openNights([SUBMISSIONS]);
  await nights.write(OBJECTIVES);
  // Nothing new came on the 19th: late from 03:00 on.
  for (let day = 1; day <= 23; day++)
    nights.night(SUBMISSIONS, day, day === 19 ? Date.UTC(2026, 10, 18, 1) : undefined);
});
afterEach(async () => {
  await closeReceivers();
  await nights.remove();
});

type Announcing = Parameters<typeof announce>[0];
type Running = Parameters<typeof noticesOfRun>[0];
const lake = () => nights.lake() as unknown as Announcing & Running;
const at = (day: number, hour: number, minute = 0) => Date.UTC(2026, 10, day, hour, minute);

describe('the news of alerts', () => {
  const notices = async (moment: number, run: string) => {
    nights.now = moment;
    return noticesOfRun(lake(), run);
  };

  it('is one notice of an objective when its alerts begin to fire, and one when they have ended', async () => {
    expect(await notices(at(19, 2), 'r1')).toEqual([]);
    const [firing, ...others] = await notices(at(19, 4), 'r2');
    expect(others).toEqual([]);
    expect(firing).toMatchObject({
      severity: 'error',
      subject: 'fresh burns its error budget too fast',
      owners: ['Data team'],
      sections: [{ lines: expect.arrayContaining(['Firing: page-1h, page-6h, ticket-1d, ticket-3d']) }],
    });
    expect(await notices(at(19, 5), 'r3')).toEqual([]);
    const [ended] = await notices(at(22, 12), 'r4');
    expect(ended).toMatchObject({ severity: 'info', subject: 'fresh is kept again' });
    expect(await notices(at(22, 13), 'r5')).toEqual([]);
    expect(nights.rows.get('alert_changes')!.map(({ run, state }) => `${run} ${state}`)).toEqual([
      ...Array(4).fill('r2 firing'),
      ...Array(4).fill('r4 resolved'),
    ]);
  });

  it('is the same notice when the end of a run is tried again', async () => {
    const first = await notices(at(19, 4), 'r2');
    expect(await notices(at(19, 4), 'r2')).toEqual(first);
    expect(first[0]!.key).toBe(
      'slo/fresh/2026-11-19T03:00:00.000Z/firing/page-1h, page-6h, ticket-1d, ticket-3d'.replace(
        '2026-11-19T03:00:00.000Z',
        firstMinuteOf(first[0]!.event!.data),
      ),
    );
  });

  it('is not told of what is silenced, and told when it fires still', async () => {
    nights.now = at(19, 2, 30);
    await keepSilence(lake().platform.ledger, {
      id: exceptionId(nights.now, 'fresh'),
      objective: 'fresh',
      from: nights.now,
      until: at(19, 6),
      reason: 'known',
      by: 'ines',
    });
    expect(await notices(at(19, 4), 'r2')).toEqual([]);
    expect(nights.rows.get('alert_changes')).toHaveLength(4);
    expect((await notices(at(19, 7), 'r3')).map(({ severity }) => severity)).toEqual(['error']);
  });

  it('is a signal to those who look for the cause', async () => {
    nights.now = at(19, 4);
    expect(await signalsOf(lake())).toEqual([
      {
        code: 'budget-burning',
        about: 'fresh',
        tables: [SUBMISSIONS],
        severity: 'warning',
        message: expect.stringMatching(/^fresh burns its budget too fast \(page-1h\)/),
      },
    ]);
  });

  it('is a CloudEvent to a webhook, which the SDK of CloudEvents reads', async () => {
    const [notice] = await notices(at(19, 4), 'r2');
    const { url, got, types } = await receiver(200);
    const channel = channelFor({ kind: 'webhook', url: { env: 'WEBHOOK' } } as never, {
      campus: { root: '.' },
      secrets: { get: async () => url } as never,
    });
    await channel.send(composeNotice(asNotice({ ...notice!, sections: [], owners: [] })));
    expect(types).toEqual(['application/cloudevents+json; charset=utf-8']);
    const sent = got[0] as Record<string, unknown>;
    const event = new CloudEvent(sent);
    expect(event.validate()).toBe(true);
    expect(event).toMatchObject({
      type: 'campus-lake.service-level.firing',
      source: '/campus-lake/Test%20College/slo',
      subject: 'fresh',
      id: notice!.key,
      data: { alerts: [{ name: 'page-1h', state: 'firing' }, {}, {}, {}] },
    });
    expect(() => new CloudEvent({ ...sent, source: undefined }).validate()).toThrow();
  });

  it('between runs is told once, however often it is looked at', async () => {
    nights.now = at(19, 4);
    expect(await announce(lake())).toEqual({ changes: 4, told: 1, failed: 0 });
    expect(await announce(lake())).toEqual({ changes: 0, told: 0, failed: 0 });
  });
});

const firstMinuteOf = (data: Readonly<Record<string, unknown>>): string =>
  (data.alerts as { since: string }[]).map(({ since }) => since).sort()[0]!;

describe('metrics', () => {
  const ask = async (host = '127.0.0.1:9464') =>
    metricsServer(lake(), 9464).request('/metrics', { headers: { host } });

  it('are answered to this machine only', async () => {
    expect((await ask('evil.example:9464')).status).toBe(421);
  });

  it('are in the text format, and what nobody knows is left out', async () => {
    nights.now = at(19, 4);
    const answer = await ask();
    expect(answer.headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    expect(text).toMatch(
      /^# HELP campus_lake_slo_target .*\n# TYPE campus_lake_slo_target gauge\ncampus_lake_slo_target\{objective="fresh"\} 0\.99\n/,
    );
    expect(text).toContain('campus_lake_slo_burn_rate{objective="fresh",window="1h"} 100\n');
    expect(text).toContain(
      'campus_lake_slo_alert_firing{objective="fresh",alert="page-1h",severity="page"} 1\n',
    );
    nights.rows.clear();
    expect(await (await ask()).text()).not.toMatch(/sli|burn_rate|budget_left/);
  });

  it('escape what a label may not hold', () => {
    expect(exposition([{ metric: 'slo_target', labels: { objective: 'a"b\\c\nd' }, value: 1 }])).toContain(
      '{objective="a\\"b\\\\c\\nd"} 1',
    );
  });
});

it('rules of Prometheus have the thresholds of the lake', async () => {
  const { objectives } = await openObjectives(lake());
  const rules = prometheusRules(objectives);
  expect(rules).toContain(
    '(campus_lake_slo_burn_rate{objective="fresh",window="1h"} > 13.44) and ignoring(window) (campus_lake_slo_burn_rate{objective="fresh",window="5m"} > 13.44)',
  );
  expect(rules).toContain('keep_firing_for: 15m');
});

/** A type of Grafana's with the values of its enums in place of their names. */
type Plain<T> = T extends string
  ? `${T}`
  : T extends number
    ? number
    : T extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : T extends object
        ? { readonly [Key in keyof T]: Plain<T[Key]> }
        : T;
/** Of each kind of object only keys that Grafana knows. */
type Known<Own, Theirs> = Exclude<keyof Own, keyof Theirs> extends never ? Own : never;

it("the dashboard is one by Grafana's own types", () => {
  const dashboard = grafanaDashboard('Test College');
  // Where one of these does not compile, the dashboard has something that Grafana's schema has not.
  type Parts = Omit<Dashboard, 'panels'>;
  const parts: Known<Omit<typeof dashboard, 'panels'>, Parts> & Plain<Parts> = dashboard;
  type OwnPanel = (typeof dashboard.panels)[number];
  const panels: readonly (Known<OwnPanel, Panel> & Plain<Omit<Panel, 'targets'>>)[] = dashboard.panels;
  type OwnQuery = OwnPanel['targets'][number];
  type Query = Omit<Dataquery, '_implementsDataqueryVariant'>;
  const queries: readonly (Known<OwnQuery, Query> & Plain<Query>)[] = panels.flatMap(
    ({ targets }) => targets,
  );
  expect(parts.schemaVersion).toBe(39);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(queries.every(({ expr }) => expr.includes('campus_lake_slo_'))).toBe(true);
});
