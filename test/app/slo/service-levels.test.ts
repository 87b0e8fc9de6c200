import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { budgetHistory } from '../../../src/app/slo/budget-history.ts';
import { serviceLevels } from '../../../src/app/slo/service-levels.ts';
import type { OpsRow } from '../../../src/ports/ledger.ts';
import { lakeOf } from '../../lake-of.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-20T08:00:00Z');
const TABLES = ['canvas.submissions', 'canvas.users'];

/** Both tables every night at 02:00 until the last of these days, with what was known an hour before. */
const nightsUntil = (table: string, day: number): OpsRow[] =>
  Array.from({ length: day }, (_, i) => {
    const at = Date.UTC(2026, 10, i + 1, 2);
    const id = `${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}/${table}`;
    const asOf = new Date(at - HOUR).toISOString();
    return { id, table_name: table, published_at: new Date(at).toISOString(), data_as_of: asOf };
  });

const ROWS: Record<string, OpsRow[]> = {
  published_tables: [...nightsUntil(TABLES[0]!, 18), ...nightsUntil(TABLES[1]!, 20)],
};

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'slo-app-'));
  await writeFile(
    join(root, 'slo.yaml'),
    `objectives:
  users-fresh: { tables: [canvas.users], age: 26h, target: 99%, window: 7d }
  submissions-fresh: { tables: [canvas.submissions], age: 26h, target: 99%, window: 7d }
  runs-succeed: { runs: succeed, target: 95% }
`,
  );
});
afterAll(() => rm(root, { recursive: true, force: true }));

const lake = (visible?: readonly string[]) =>
  lakeOf({
    campus: { root, timeZone: 'UTC', models: 'models' },
    catalog: { datasets: TABLES.map((id) => ({ id, columns: [] })) },
    features: [],
    ...(visible
      ? {
          session: { principal: 'ines', role: 'adviser', attributes: {}, purpose: 'look' },
          access: {
            restrict: (_: unknown, __: unknown, tables: Record<string, unknown>) => ({
              // Like the real one: of what has no columns nothing is known.
              tables: Object.fromEntries(
                Object.entries(tables).filter(
                  ([table, described]) =>
                    visible.includes(table) && Object.hasOwn(described as object, 'columns'),
                ),
              ),
            }),
          } as never,
        }
      : {}),
    platform: {
      clock: { now: () => NOW },
      objects: {},
      ledger: {
        read: async () => undefined,
        rows: async (table: string, prefix = '') =>
          (ROWS[table] ?? []).filter(({ id }) => id.startsWith(prefix)),
      },
    },
  }) as Parameters<typeof serviceLevels>[0];

describe('service levels', () => {
  it('stand with the worst first', async () => {
    const levels = await serviceLevels(lake());
    expect(levels.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['submissions-fresh', 'broken'],
      ['runs-succeed', 'no-data'],
      ['users-fresh', 'kept'],
    ]);
  });

  it('are those of tables that the role may know of', async () => {
    const levels = await serviceLevels(lake(['canvas.users']));
    expect(levels.map(({ name }) => name)).toEqual(['runs-succeed', 'users-fresh']);
    await expect(budgetHistory(lake(['canvas.users']), 'submissions-fresh')).rejects.toThrow(
      'There is no objective "submissions-fresh"',
    );
  });

  it('have a budget over time, whose points are what was reported then', async () => {
    const { points } = await budgetHistory(lake(), 'submissions-fresh', { points: 15 });
    expect(points).toHaveLength(15);
    expect(points[0]!.at).toBe('2026-11-13T08:00:00.000Z');
    for (const point of points) {
      const then = (await serviceLevels(lake(), { at: Date.parse(point.at) })).find(
        ({ name }) => name === 'submissions-fresh',
      )!;
      expect(point.left).toBeCloseTo(1 - then.budget.spent!, 12);
      expect(point.sli).toBe(then.sli);
    }
    expect(points[11]!.burn).toBe(0);
    expect(points[14]!.burn).toBeGreaterThan(1);
  });

  it('say when each alert would fire if nothing is loaded', async () => {
    // users are known up to 01:00, so late from 03:00 tomorrow on: in 19 hours.
    const { wouldFire } = await budgetHistory(lake(), 'users-fresh');
    const late = 19 * 60;
    expect(wouldFire.map(({ alert, inMinutes }) => [alert, inMinutes! - late])).toEqual([
      // Bad minutes of the long window above threshold x 1 %.
      ['page-1h', Math.floor(3.36 * 0.01 * 60) + 1],
      ['page-6h', Math.floor(1.4 * 0.01 * 360) + 1],
      ['ticket-1d', Math.floor(0.7 * 0.01 * 1440) + 1],
      ['ticket-3d', Math.floor((0.1 * 7 * 0.01 * 4320) / 3) + 1],
    ]);
    const burning = await budgetHistory(lake(), 'submissions-fresh');
    expect(burning.wouldFire.map(({ inMinutes }) => inMinutes)).toEqual([0, 0, 0, 0]);
  });
});
