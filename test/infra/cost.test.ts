import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { estimate, type Line } from '../../lib/cost/estimate.ts';
import { planUsage } from '../../lib/cost/plan-usage.ts';
import { priceOf } from '../../lib/cost/price-table.ts';
import type { Resource } from '../../lib/cost/template.ts';
import { type College, usageOf } from '../../lib/cost/usage.ts';
import { settingsOf } from '../../lib/settings.ts';
import { loadCampus } from '../../src/campus/load.ts';
import type { Plan } from '../../src/pipeline/plan.ts';

const loaded = await loadCampus(join(import.meta.dirname, '../..'));
const COLLEGE: College = { students: 10_000, models: 8, waves: 3 };
const settings = settingsOf(loaded, { profile: 'frugal' });
const priced = (resources: Resource[], college = COLLEGE) =>
  estimate(resources, usageOf(settings, college)).lines;
const monthly = (lines: readonly Line[], what: string) => lines.find((line) => line.what === what)?.monthly;

describe('An estimate', () => {
  it('names types of which nobody has said what they cost', () => {
    const nat: Resource = { id: 'network/Nat', type: 'AWS::EC2::NatGateway', properties: {} };
    expect(estimate([nat], usageOf(settings, COLLEGE)).unpriced).toEqual(['AWS::EC2::NatGateway']);
  });

  it('refuses an instance of DMS whose price it does not know', () => {
    const properties = { ReplicationInstanceClass: 'dms.z9.huge' };
    expect(() => priced([{ id: 'sis/I', type: 'AWS::DMS::ReplicationInstance', properties }])).toThrow(
      'the price table has no "dms.z9.huge"',
    );
  });

  it('pays a DMS instance day and night, its disk beyond 50 GB, both twice in two zones', () => {
    const dms = (more: object) =>
      priced([
        {
          id: 'sis/I',
          type: 'AWS::DMS::ReplicationInstance',
          properties: { ReplicationInstanceClass: 'dms.t3.micro', AllocatedStorage: 50, ...more },
        },
      ]);
    const line = 'SIS replication (DMS)';
    expect(monthly(dms({}), line)).toBeCloseTo(13.14, 2);
    expect(monthly(dms({ AllocatedStorage: 70, MultiAZ: true }), line)).toBeCloseTo(2 * (13.14 + 2.3), 2);
    expect(monthly(dms({}), 'Public address of DMS')).toBeUndefined();
    expect(monthly(dms({ PubliclyAccessible: true }), 'Public address of DMS')).toBeCloseTo(3.65, 2);
  });

  it('pays serverless replications by the night, those that capture changes day and night', () => {
    const bill = (replication: 'full-load' | 'full-load-and-cdc') => {
      const serverless = { minDcu: 2, maxDcu: 8 } as const;
      const sis = settings.sis.map(([name, source]) => [name, { ...source, replication }] as const);
      const changed = { ...settings, sis, replication: { ...settings.replication, serverless } };
      const { lines, assumptions } = estimate([], usageOf(changed, COLLEGE));
      expect(assumptions.join()).toContain('8 DCU');
      const line = lines.find(({ what }) => what === 'SIS replication (DMS)')!;
      expect(line.approximate).toBe(true);
      return line.monthly;
    };
    const hour = priceOf('dms-dcu').usd;
    expect(settings.sis).toHaveLength(1);
    expect(bill('full-load')).toBeCloseTo((365 / 12) * 8 * hour, 6);
    expect(bill('full-load-and-cdc')).toBeCloseTo(730 * 2 * hour, 6);
  });

  it('pays endpoints of the VPC by the zone, and none for S3', () => {
    const endpoint = (properties: object): Resource => ({
      id: 'network/E',
      type: 'AWS::EC2::VPCEndpoint',
      properties: { ...properties },
    });
    const found = [endpoint({ VpcEndpointType: 'Gateway' })];
    expect(monthly(priced(found), 'VPC endpoints')).toBeUndefined();
    found.push(endpoint({ VpcEndpointType: 'Interface', SubnetIds: ['a', 'b'] }));
    expect(monthly(priced(found), 'VPC endpoints')).toBeCloseTo(14.6, 2);
  });

  it('keeps raw files in the classes that the lifecycle of their bucket names', () => {
    const raw = (rules: object[]) =>
      priced([
        {
          id: 'storage/Raw1',
          type: 'AWS::S3::Bucket',
          properties: { LifecycleConfiguration: { Rules: rules } },
        },
      ]).find(({ what }) => what === 'S3: raw')!;
    const gb = (line: Line, price: string) => line.parts.find((part) => part.price === price)?.quantity;
    // 20 GB on the first day; every night 0.5 % of them and the SIS, 0.5 GB.
    const warm = raw([]);
    expect(gb(warm, 's3-standard')).toBeCloseTo(20 + 365 * 0.6);
    const transitions = [
      { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
      { StorageClass: 'GLACIER_IR', TransitionInDays: 90 },
    ];
    const cool = raw([{ Transitions: transitions }]);
    expect(gb(cool, 's3-standard')).toBeCloseTo(30 * 0.6);
    expect(gb(cool, 's3-infrequent')).toBeCloseTo(60 * 0.6);
    expect(gb(cool, 's3-glacier-instant')).toBeCloseTo(20 + 275 * 0.6);
    expect(cool.monthly).toBeLessThan(warm.monthly / 2);
    const short = raw([{ Transitions: transitions, ExpirationInDays: 60 }]);
    expect(gb(short, 's3-infrequent')).toBeCloseTo(0.6 * 30 + 20);
    expect(gb(short, 's3-glacier-instant')).toBeUndefined();
  });

  it('grows with the college where data does, and not where it does not', () => {
    const tables: Resource[] = [
      { id: 'storage/Staged', type: 'AWS::S3::Bucket', properties: {} },
      { id: 'storage/Key', type: 'AWS::KMS::Key', properties: {} },
    ];
    const [small, large] = [priced(tables), priced(tables, { ...COLLEGE, students: 100_000 })];
    expect(monthly(large, 'S3: staged')).toBeCloseTo(10 * monthly(small, 'S3: staged')!);
    expect(monthly(large, 'Key (KMS)')).toBe(monthly(small, 'Key (KMS)'));
  });

  it('says what it takes for granted, with its numbers', () => {
    const said = estimate([], usageOf(settings, COLLEGE)).assumptions.join('\n');
    expect(said).toContain('10,000 students: 2 MB each in the LMS (20 GB');
    expect(said).toContain('DMS cannot stop one');
  });

  it('knows no price without a name', () => {
    expect(() => priceOf('toString')).toThrow('the price table has no "toString"');
  });
});

describe('The use of a plan', () => {
  const step = (name: string) => ({ kind: 'task' as const, step: name });
  const plan = (nodes: Plan['main']['nodes']): Plan => ({
    main: { kind: 'sequence', nodes },
    closing: { kind: 'sequence', nodes: [] },
  });
  const use = (nodes: Plan['main']['nodes']) => planUsage(plan(nodes), { items: () => 5, tries: () => 3 });
  // Open, Begin main, Begin closing, End, Did all succeed?, Succeeded.
  const FRAME = 6;

  it('counts states as they are drawn', () => {
    expect(use([]).transitions).toBe(FRAME);
    expect(use([step('stage')]).transitions).toBe(FRAME + 1);
    // Three times the step, three times Done?, two waits.
    expect(use([{ kind: 'wait', step: 'sis-poll' }]).transitions).toBe(FRAME + 8);
    const each = {
      kind: 'each',
      name: 'x',
      items: '$last.x',
      label: 'dataset',
      limit: 2,
      body: step('stage'),
    } as const;
    // List, Any?, Map; of each item its start, the step and its end.
    expect(use([each]).transitions).toBe(FRAME + 3 + 5 * 3);
  });

  it('counts calls by step, those that open and end a run as well', () => {
    const each = {
      kind: 'each',
      name: 'x',
      items: '$last.x',
      label: 'dataset',
      limit: 2,
      body: step('stage'),
    } as const;
    expect(Object.fromEntries(use([each, { kind: 'wait', step: 'sis-poll' }]).calls)).toEqual({
      'close-run': 3,
      stage: 5,
      'sis-poll': 3,
    });
  });
});
