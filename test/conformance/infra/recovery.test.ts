import { describe, expect, it } from 'vitest';
import { estimate } from '../../../lib/cost/estimate.ts';
import { resourcesOf } from '../../../lib/cost/synthesize.ts';
import { usageOf } from '../../../lib/cost/usage.ts';
import { CAMPUS, settingsFor } from '../../infra/campus.ts';
import { deploy, ofType, type Resource } from '../../infra/deployed.ts';
import { flat } from '../../infra/shape.ts';

/** A lake with a second Region and daily backups: settings that are off unless they are asked for. */

const ASKED = {
  ...CAMPUS,
  aws: {
    region: 'us-east-1',
    recovery: { region: 'us-west-2', replicationTime: true },
    backup: { keepDays: 35 },
  },
};
const settings = settingsFor(ASKED);
const lake = deploy(settings);

interface Replication {
  readonly Rules: readonly {
    readonly DeleteMarkerReplication: { readonly Status: string };
    readonly Destination: {
      readonly Bucket: unknown;
      readonly EncryptionConfiguration: { readonly ReplicaKmsKeyID: unknown };
      readonly ReplicationTime?: { readonly Time: { readonly Minutes: number } };
    };
  }[];
}

const isSecond = (id: string) => id.startsWith('r-storage/');
const buckets = (second: boolean): [string, Resource][] =>
  ofType(lake, 'AWS::S3::Bucket')
    .filter(([id]) => isSecond(id) === second)
    .map(([id, bucket]) => [id.split('/')[1]!.replace(/[0-9A-F]{8}$/, ''), bucket]);

describe('A second Region', () => {
  it('has the storage of a lake of its own name, and nothing that works', () => {
    const there = [...lake.stacks].find(([stack]) => stack === 'r-storage')!;
    const types = new Set(Object.values(there[1]).map(({ Type }) => Type));

    expect(buckets(true)).toHaveLength(6);
    expect([...types].filter((type) => /Lambda|StepFunctions|DMS|Redshift/.test(type))).toEqual([]);
    expect(ofType(lake, 'AWS::Glue::Database').filter(([id]) => isSecond(id)).length).toBeGreaterThan(4);
  });

  it('gets raw and curated files and records, deletions too, within fifteen minutes where that is paid for', () => {
    const copied = buckets(false).flatMap(([name, { Properties }]) =>
      Properties.ReplicationConfiguration
        ? [[name, (Properties.ReplicationConfiguration as Replication).Rules[0]!] as const]
        : [],
    );

    expect(copied.map(([name]) => name).sort()).toEqual(['Curated', 'Raw', 'Records']);
    for (const [name, rule] of copied) {
      expect(flat(rule.Destination.Bucket)).toMatch(
        new RegExp(`^arn:aws:s3:::campus-lake-r-${name.toLowerCase()}-<AccountId>-us-west-2$`),
      );
      expect(flat(rule.Destination.EncryptionConfiguration.ReplicaKmsKeyID)).toMatch(
        /us-west-2.*alias\/campus-lake-r$/,
      );
      expect(rule.DeleteMarkerReplication.Status).toBe('Enabled');
      expect(rule.Destination.ReplicationTime?.Time.Minutes).toBe(15);
    }
  });

  it('keeps nothing of what was erased for longer than a day', () => {
    for (const [name, { Properties }] of [...buckets(false), ...buckets(true)].filter(([zone]) =>
      ['Raw', 'Curated'].includes(zone),
    )) {
      expect(Properties.VersioningConfiguration, name).toEqual({ Status: 'Enabled' });
      expect(JSON.stringify(Properties.LifecycleConfiguration), name).toContain(
        '"NoncurrentVersionExpiration":{"NoncurrentDays":1}',
      );
    }
  });

  it('costs what its copies, its key and what goes there cost, and is told as one line', () => {
    const college = { students: 10_000, models: 8, waves: 3 };
    const bill = (campus: object) => {
      const asked = settingsFor(campus);
      return estimate(resourcesOf(asked), usageOf(asked, college));
    };
    const line = (campus: object, what: string) =>
      bill(campus).lines.find((one) => one.what === what)?.monthly ?? 0;
    const without = bill(CAMPUS);
    const asked = bill(ASKED);

    expect(asked.unpriced).toEqual([]);
    expect(line(ASKED, 'Second Region')).toBeGreaterThan(3);
    expect(line(ASKED, 'Backups')).toBeGreaterThan(1);
    // Nothing else becomes dearer: the rest is the same lake.
    const more = line(ASKED, 'Second Region') + line(ASKED, 'Backups');
    expect(asked.total - without.total).toBeCloseTo(more, 0);
    expect(
      line({ ...ASKED, aws: { ...ASKED.aws, recovery: { region: 'us-west-2' } } }, 'Second Region'),
    ).toBeLessThan(line(ASKED, 'Second Region'));
  });
});

describe('Daily backups', () => {
  it('are of the ledger and the records, for as long as is asked', () => {
    const [[, plan]] = ofType(lake, 'AWS::Backup::BackupPlan') as [[string, Resource]];
    const [[, selection]] = ofType(lake, 'AWS::Backup::BackupSelection') as [[string, Resource]];
    const { Resources } = selection.Properties.BackupSelection as { Resources: unknown[] };

    expect(JSON.stringify(plan.Properties)).toContain('"DeleteAfterDays":35');
    expect(Resources.map(flat)).toEqual([
      expect.stringMatching(/:table\/campus-lake-ledger$/),
      expect.stringMatching(/:::campus-lake-records-/),
    ]);
    expect(ofType(deploy(settingsFor(CAMPUS), { judged: false }), 'AWS::Backup::BackupPlan')).toEqual([]);
  });
});
