import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../lib/limits/limits.ts';
import { type LakeSize, sizeOf } from '../../lib/limits/size.ts';
import { FEATURES } from '../../src/features.ts';
import { planFor } from '../../src/pipeline/plan.ts';
import { listTables } from '../../src/platform/aws/warehouse/lake-tables.ts';
import { CAMPUS, settingsFor } from './campus.ts';

const settings = settingsFor(CAMPUS);
/** 2,500 tables of a SIS, 100 GB, the largest 25. */
const LARGE: LakeSize = {
  ...sizeOf(settings, { models: 60, waves: 5, gb: 100 }),
  tables: 2_500,
  allTables: 2_600,
  columns: 20,
  widest: 200,
};
const limits = (more: Partial<LakeSize> = {}, sources = 1) => {
  const { sis, canvas } = CAMPUS.sources;
  const many = Object.fromEntries(Array.from({ length: sources }, (_, i) => [`sis_${i}`, sis]));
  const { campus } = settingsFor({ ...CAMPUS, sources: { canvas, ...many } });
  return limitsOf(planFor(campus, FEATURES), { ...LARGE, sources, ...more });
};
const stops = (found: ReturnType<typeof limits>) => found.filter(({ delays }) => !delays);
const named = ({ service, limit }: ReturnType<typeof limits>[number]) => `${service}: ${limit}`;

describe('the limits of AWS', () => {
  it('leave room for 2,500 tables and 100 GB, and each has the document that it is from', () => {
    const found = limits();

    expect(
      stops(found)
        .filter(({ share }) => share > 0.6)
        .map(named),
    ).toEqual([]);
    for (const { source, remedy, how } of found) {
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(remedy.length * how.length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['one table per task', { tablesPerTask: 1 }, 'DMS: tasks of an instance'],
    ['a huge table', { largestGb: 400, gb: 500 }, 'Step Functions: time of a run'],
    ['thousands of models', { models: 3_000 }, 'Step Functions: history of the run'],
    ['a very wide table', { widest: 1_600 }, 'Athena: length of a statement'],
  ])('name the first that is met: %s', (_what, more, first) => {
    expect(named(stops(limits(more))[0]!)).toContain(first);
  });

  it('name the first that many SIS meet', () => {
    const [first] = stops(limits({ tables: 20, allTables: 800, gb: 1, largestGb: 0.1 }, 40));

    expect(named(first!)).toBe('DMS: endpoints of an instance');
    expect(first!.share).toBeGreaterThan(1);
  });

  it('take the rows of a list of thousands of tables in one transaction of the warehouse', () => {
    const late = (i: number) => ({
      table: `sis.table_of_the_records_${i}`,
      rows: i,
      whyLate: 'y'.repeat(60),
    });
    const statements = listTables(Array.from({ length: 2_600 }, (_, i) => late(i)));

    expect(statements.length).toBeLessThan(20);
    for (const sql of statements) expect(Buffer.byteLength(sql)).toBeLessThan(100_000);
    expect(statements.join('').match(/sis\.table_of_the_records_\d+/g)).toHaveLength(2_600);
  });

  it('are in the manual, each with its reason', () => {
    const manual = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8').split('\n');
    for (const { service, limit, has, unit, how, source, delays } of limits()) {
      const begin = `| [${service}](${source}): ${limit}${delays ? ' *' : ''} | `;
      const end = ` | ${has.toLocaleString('en')} ${unit} | ${how} |`;
      expect(manual.filter((line) => line.startsWith(begin) && line.endsWith(end))).toHaveLength(1);
    }
  });
});
