import { describe, expect, it } from 'vitest';
import { compare } from '../../lib/change/compare.ts';
import { deployedOf } from '../../lib/change/deployed.ts';
import { templatesOf } from '../../lib/synthesize.ts';
import { CAMPUS, settingsFor } from './campus.ts';
import { deploy } from './deployed.ts';

const ACCOUNT = { account: '123456789012', region: 'us-east-1' };
const vpn = { gateway: '203.0.113.7', cidrs: ['10.20.0.0/16'] };
const existing = { vpc: 'vpc-0abc1234', subnets: ['subnet-0abc1234', 'subnet-0abc1235'] };

/** What stands after a campus.yaml was deployed, as it is read from its templates. */
function deployed(campus: object) {
  const settings = settingsFor(campus);
  const parts = [...templatesOf(settings)].map(
    ([stack, template]) => [stack.replace(`${settings.name}-`, ''), template] as const,
  );
  return deployedOf({ lake: settings.name, ...ACCOUNT }, new Map(parts));
}

const campus = (aws: object = {}, profile = 'standard') => ({ ...CAMPUS, profile, aws });
const standing = deployed(campus());

describe('what stands', () => {
  it('is read from the templates', () => {
    expect(standing).toMatchObject({
      lake: 'campus-lake',
      stacks: expect.arrayContaining(['account', 'sis', 'storage', 'warehouse-data']),
      databasePrefix: '',
      network: { reach: 'internet', cidr: '10.80.0.0/22' },
      replication: { sources: ['sis'], serverless: false, storageGb: 50 },
      warehouse: { rpu: 4, maxRpu: 8 },
      keptRoles: [],
      ownRoles: ['dms-vpc-role', 'dms-cloudwatch-logs-role'],
    });
    expect(deployed(campus({ network: { existing } })).network).toEqual({ reach: 'existing', ...existing });
  });

  it('protects the stacks that hold data once they stand', () => {
    expect(deploy(settingsFor(campus())).protectedStacks).toEqual([]);
    const again = deploy(settingsFor(campus(), { deployed: standing }));
    expect([...again.protectedStacks].sort()).toEqual(['storage', 'warehouse-data']);
  });

  it('keeps roles of DMS that stay in the account from being made twice', () => {
    const gone = deployedOf({ lake: 'campus-lake', ...ACCOUNT }, new Map(), standing);
    expect(gone.keptRoles).toEqual(['dms-cloudwatch-logs-role', 'dms-vpc-role']);
    expect(templatesOf(settingsFor(campus(), { deployed: gone })).has('campus-lake-account')).toBe(false);
  });
});

describe('a change of campus.yaml', () => {
  const obstacles = (aws: object, before = standing) =>
    compare(before, settingsFor(campus(aws))).map(({ outcome, key }) => [outcome, key]);

  it.each([
    ['nothing', {}, []],
    ['a larger instance', { replication: { instance: 'dms.c5.large', storageGb: 100 } }, []],
    ['another name', { name: 'other' }, [['refused', 'aws.name']]],
    ['another region', { region: 'us-east-2' }, [['refused', 'aws.region']]],
    ['another prefix', { databasePrefix: 'x_' }, [['refused', 'aws.databasePrefix']]],
    ['a VPN', { network: { vpn } }, [['two deploys', 'aws.network']]],
    ['a VPC that is there', { network: { existing } }, [['two deploys', 'aws.network']]],
    ['other addresses', { network: { cidr: '10.90.0.0/22' } }, [['two deploys', 'aws.network']]],
    ['a smaller disk', { replication: { storageGb: 20 } }, [['two deploys', 'aws.replication.storageGb']]],
    ['a larger warehouse', { warehouse: { rpu: 8 } }, []],
    ['a much larger one', { warehouse: { rpu: 16, maxRpu: 32 } }, [['two deploys', 'aws.warehouse']]],
  ])('to %s', (_, aws, expected) => {
    expect(obstacles(aws)).toEqual(expected);
  });

  it('of both sizes of the warehouse says which comes first', () => {
    const large = { ...standing, warehouse: { rpu: 16, maxRpu: 32 } };
    const [up] = compare(standing, settingsFor(campus({ warehouse: { rpu: 16, maxRpu: 32 } })));
    const [down] = compare(large, settingsFor(campus({ warehouse: { rpu: 8, maxRpu: 16 } })));
    expect(up!.way[0]).toContain('aws.warehouse.maxRpu alone');
    expect(down!.way[0]).toContain('aws.warehouse.rpu alone');
    expect(obstacles({ warehouse: { rpu: 4 } }, large)).toEqual([['two deploys', 'aws.warehouse.rpu']]);
  });

  it('from Lake Formation back to IAM leads over hybrid', () => {
    const closed = { ...standing, accessMode: 'lake-formation' } as const;
    expect(standing.accessMode).toBe('iam');
    expect(obstacles({}, closed)).toEqual([['two deploys', 'aws.access.mode']]);
    expect(obstacles({ access: { mode: 'hybrid' } }, closed)).toEqual([]);
  });

  it('that one deployment cannot make ends the synthesis with the way', () => {
    const settings = settingsFor(campus({ network: { vpn } }), { deployed: standing });
    expect(() => templatesOf(settings)).toThrow(
      /aws\.network takes two deployments: .*\n {2}1\. npx lake teardown --target aws --only network\n {2}2\. npx cdk deploy --all --force/,
    );
  });
});
