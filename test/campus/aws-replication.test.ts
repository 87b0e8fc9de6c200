import { describe, expect, it } from 'vitest';
import { awsSchema } from '../../src/campus/aws-schema.ts';

const parsed = (replication: unknown) => awsSchema.safeParse({ replication });
const faults = (replication: unknown) =>
  parsed(replication).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('aws.replication.serverless', () => {
  it('has a largest size, and a smallest one that is 1 where it is not said', () => {
    expect(parsed({ serverless: { maxDcu: 16 } }).data?.replication?.serverless).toEqual({
      minDcu: 1,
      maxDcu: 16,
    });
    expect(parsed({ serverless: { minDcu: 2, maxDcu: 2 } }).success).toBe(true);
  });

  it.each([3, 0, 96, 512])('has no size of %i DCU', (maxDcu) => {
    expect(faults({ serverless: { maxDcu } })?.[0]).toMatch(/^replication\.serverless\.maxDcu: /);
  });

  it('does not begin above its end', () => {
    expect(faults({ serverless: { minDcu: 8, maxDcu: 4 } })).toEqual([
      'replication.serverless.minDcu: may not be more than maxDcu',
    ]);
  });

  it('stands in place of everything that an instance has', () => {
    const both = { serverless: { maxDcu: 4 }, instance: 'dms.t3.micro', storageGb: 50, engine: '3.6.1' };
    const why = 'is of an instance, and serverless has none: leave one of the two out';

    expect(faults(both)).toEqual(
      ['instance', 'storageGb', 'engine'].map((name) => `replication.${name}: ${why}`),
    );
    expect(parsed({ instance: 'dms.t3.micro', storageGb: 50 }).success).toBe(true);
  });
});
