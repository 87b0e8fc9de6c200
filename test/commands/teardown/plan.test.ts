import { describe, expect, it } from 'vitest';
import { planTeardown } from '../../../bin/aws/teardown/plan.ts';
import { planInWords } from '../../../bin/aws/teardown/print.ts';
import { standing } from './stacks.ts';

const BUCKET = 'AWS::S3::Bucket';
const KEY = 'AWS::KMS::Key';
const TABLE = 'AWS::DynamoDB::Table';

/** The lake as it is deployed with one or both of the switches. */
function lake({ deletesData }: { deletesData: boolean }) {
  const kept = !deletesData;
  return [
    standing('lake-storage', {
      deletesData,
      protected: !deletesData,
      resources: [
        { type: BUCKET, physicalId: 'lake-raw', kept },
        { type: BUCKET, physicalId: 'lake-records', kept },
        { type: KEY, physicalId: 'key-1', kept },
        { type: TABLE, physicalId: 'lake-ledger', kept },
        { type: TABLE, physicalId: 'lake-limits', kept: false },
      ],
    }),
    standing('lake-network', {
      deletesData,
      after: ['lake-storage'],
      resources: [{ type: 'AWS::EC2::VPC' }],
    }),
    standing('lake-warehouse-data', {
      deletesData,
      protected: !deletesData,
      after: ['lake-storage'],
      resources: [
        { type: 'AWS::RedshiftServerless::Namespace', physicalId: 'lake', kept },
        { type: 'AWS::SecretsManager::Secret', physicalId: 'secret-1', kept },
      ],
    }),
    standing('lake-warehouse', {
      deletesData,
      after: ['lake-network', 'lake-warehouse-data'],
      resources: [{ type: 'AWS::RedshiftServerless::Workgroup', physicalId: 'lake' }],
    }),
    standing('lake-pipeline', {
      deletesData,
      after: ['lake-warehouse', 'lake-storage'],
      resources: [
        { type: 'AWS::Lambda::Function', physicalId: 'lake-lms' },
        { type: 'AWS::Logs::LogGroup', physicalId: '/aws/lambda/lake-lms' },
        { type: 'AWS::Lambda::Function', physicalId: 'lake-helper' },
        {
          type: 'AWS::IAM::ServiceLinkedRole',
          physicalId: 'AWSServiceRoleForDMSServerless',
          kept: true,
        },
      ],
    }),
  ];
}
const wavesOf = (plan: ReturnType<typeof planTeardown>) =>
  plan.waves.map((wave) => wave.map(({ name }) => name));

describe('A teardown of a lake that keeps its data', () => {
  const plan = planTeardown(lake({ deletesData: false }), { lake: 'lake' });

  it('leaves a stack that holds data also where nobody has protected it yet', () => {
    const young = lake({ deletesData: false }).map((stack) => ({ ...stack, protected: false }));
    const { stays } = planTeardown(young, { lake: 'lake' });
    expect(stays.map(({ stack }) => stack)).toEqual(['lake-storage', 'lake-warehouse-data']);
  });

  it('takes everything but the protected stacks, which a later deployment takes up again', () => {
    expect(wavesOf(plan)).toEqual([['lake-pipeline'], ['lake-warehouse'], ['lake-network']]);
    const why = expect.stringContaining('it holds the data and is protected');
    expect(plan.stays).toEqual([
      { stack: 'lake-storage', why },
      { stack: 'lake-warehouse-data', why },
    ]);
    expect(plan.buckets).toEqual([]);
  });

  it('names what survives its stack, with the reason and the way to delete it', () => {
    // Not the namespace of the warehouse: its stack stays.
    expect(plan.survivors.map(({ what }) => what)).toEqual([
      'service-linked role AWSServiceRoleForDMSServerless',
      'log group /aws/lambda/lake-helper',
    ]);
    for (const { why, toDelete } of plan.survivors) expect([why, toDelete]).not.toContain('');
  });

  it('is refused with one switch of two, and with the name of another lake', () => {
    const half = () => planTeardown(lake({ deletesData: false }), { lake: 'lake', deleteData: 'lake' });
    expect(half).toThrow('--delete-data is one of two switches, and the other is off');
    const other = () => planTeardown(lake({ deletesData: true }), { lake: 'lake', deleteData: 'pond' });
    expect(other).toThrow('--delete-data names "pond", and the lake is called "lake"');
  });
});

describe('A teardown of a lake that was deployed to go with its data', () => {
  it('keeps the data where the second switch is off, and what the data stand on', () => {
    const plan = planTeardown(lake({ deletesData: true }), { lake: 'lake' });
    expect(wavesOf(plan)).toEqual([['lake-pipeline'], ['lake-warehouse'], ['lake-network']]);
    const why = 'it was deployed so that its data goes with it';
    expect(plan.stays.map((one) => [one.stack, one.why.split(',')[0]])).toEqual([
      ['lake-storage', why],
      ['lake-warehouse-data', why],
    ]);
    expect(plan.buckets).toEqual([]);
  });

  it('deletes it where both agree, and says what AWS itself still keeps', () => {
    const plan = planTeardown(lake({ deletesData: true }), { lake: 'lake', deleteData: 'lake' });
    expect(wavesOf(plan).at(-1)).toEqual(['lake-storage']);
    expect(plan.stays).toEqual([]);
    expect(plan.buckets).toEqual(['lake-raw', 'lake-records']);
    expect(plan.survivors.map(({ what }) => what).slice(0, 3)).toEqual([
      'service-linked role AWSServiceRoleForDMSServerless',
      'key key-1, for 30 days',
      'a backup of the table lake-ledger, for 35 days',
    ]);
  });

  it('still spares a stack that somebody has protected by hand', () => {
    const stacks = lake({ deletesData: true }).map((stack) =>
      stack.name === 'lake-warehouse' ? { ...stack, protected: true } : stack,
    );
    const plan = planTeardown(stacks, { lake: 'lake', deleteData: 'lake' });
    expect(wavesOf(plan)).toEqual([['lake-pipeline']]);
    expect(plan.buckets).toEqual([]);
  });
});

describe('A plan in words', () => {
  it('shouts where data is deleted, and nowhere else', () => {
    const both = planInWords(planTeardown(lake({ deletesData: true }), { lake: 'lake', deleteData: 'lake' }));
    const one = planInWords(planTeardown(lake({ deletesData: true }), { lake: 'lake' }));
    expect(both).toContain(
      'Emptied first, all versions: DATA IS DELETED\n  bucket lake-raw\n  bucket lake-records',
    );
    expect(one).not.toContain('DATA IS DELETED');
    expect(one).toContain('Destroyed, in this order (3 stacks, 6 resources)\n  lake-pipeline');
  });

  it('says so where nothing stands', () => {
    expect(planInWords(planTeardown([], { lake: 'lake' }))).toBe(
      'Nothing is deployed of the lake lake here.',
    );
  });
});

describe('A teardown of parts', () => {
  const only = ['lake-network', 'lake-warehouse'];

  it('takes down the parts that are asked for, in their order, and nothing else', () => {
    const plan = planTeardown(lake({ deletesData: false }), { lake: 'lake', only });
    expect(wavesOf(plan)).toEqual([['lake-warehouse'], ['lake-network']]);
    expect(plan.buckets).toEqual([]);
    expect(planInWords(plan)).not.toContain('lake-pipeline');
  });

  it('leaves data where it is, also when its stack is asked for', () => {
    const plan = planTeardown(lake({ deletesData: false }), { lake: 'lake', only: ['lake-storage'] });
    expect(wavesOf(plan)).toEqual([]);
    expect(plan.stays.map(({ stack }) => stack)).toEqual(['lake-storage']);
  });

  it('of parts that do not stand takes down nothing', () => {
    const plan = planTeardown(lake({ deletesData: false }), { lake: 'lake', only: ['lake-sis'] });
    expect(wavesOf(plan)).toEqual([]);
  });
});
