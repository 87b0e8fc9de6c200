import { describe, expect, it } from 'vitest';
import { ofType } from './deployed.ts';
import { frugal, properties, standard, text } from './profiles.ts';

describe('the frugal profile', () => {
  it('has nothing that costs while nobody uses it, but DMS and its key', () => {
    const idle = [
      'AWS::EC2::VPNConnection',
      'AWS::RedshiftServerless::Workgroup',
      'AWS::Kinesis::Stream',
      'AWS::EC2::NatGateway',
    ];
    for (const type of idle) expect(ofType(frugal, type)).toEqual([]);
    const endpoints = properties(frugal, 'AWS::EC2::VPCEndpoint').map((p) => p.VpcEndpointType);
    expect(endpoints).toEqual(['Gateway']);
    expect(properties(frugal, 'AWS::DMS::ReplicationInstance')).toEqual([
      expect.objectContaining({ ReplicationInstanceClass: 'dms.t3.micro', MultiAZ: false }),
    ]);
  });
});

describe('the standard profile', () => {
  it('has a warehouse that is private, bounded twice, and speaks TLS only', () => {
    const [workgroup] = properties(standard, 'AWS::RedshiftServerless::Workgroup');
    expect(workgroup).toMatchObject({
      BaseCapacity: 4,
      MaxCapacity: 8,
      PubliclyAccessible: false,
      ConfigParameters: expect.arrayContaining([{ ParameterKey: 'require_ssl', ParameterValue: 'true' }]),
    });
    const limit = text(standard.stacks.get('warehouse'));
    expect(limit).toContain('createUsageLimit');
    expect(limit).toContain('deactivate');
  });

  it('hands out what lies behind tables that people see, full loads of a SIS too, and lets nobody change those', () => {
    const registered = properties(standard, 'AWS::LakeFormation::Resource').map((p) => text(p.ResourceArn));
    const folder = registered.filter((arn) => arn.includes('/raw/'));
    expect([registered.length, folder]).toEqual([3, [expect.stringMatching(/-raw-.*\/raw\/sis"/)]]);
    const access = properties(standard, 'AWS::IAM::Policy').find((p) =>
      text(p.PolicyName).includes('DataAccess'),
    );
    const { Statement: statements } = access!.PolicyDocument as { Statement: Record<string, unknown>[] };
    const on = (action: string) => statements.filter((one) => text(one.Action).includes(action));
    expect(text(on('s3:GetObject'))).toContain('/raw/sis/*');
    expect(text(on('s3:PutObject'))).not.toContain('/raw/');
    const places = properties(standard, 'AWS::LakeFormation::PrincipalPermissions').filter(
      (p) => text(p.Permissions) === '["DATA_LOCATION_ACCESS"]',
    );
    // Four functions, the role of erasures, and the crawler of the SIS.
    expect(places.filter((p) => text(p.Resource).includes('/raw/sis'))).toHaveLength(6);
  });

  it('hides a column from analysts until its class is known, and keeps the administrators', () => {
    const tags = properties(standard, 'AWS::LakeFormation::TagAssociation');
    const value = (p: Record<string, unknown>) => (p.LFTags as { TagValues: string[] }[])[0]!.TagValues;
    const database = (p: Record<string, unknown>) =>
      (p.Resource as { Database: { Name: string } }).Database.Name;
    expect(Object.fromEntries(tags.map((p) => [database(p), value(p)]))).toEqual({
      canvas: ['secret'],
      sis: ['secret'],
      ops: ['secret'],
      lake_versions: ['secret'],
      campus: ['secret'],
    });
    const analyst = properties(standard, 'AWS::LakeFormation::PrincipalPermissions').filter(
      (p) => text(p.Principal).includes('analyst') && text(p.Resource).includes('LFTagPolicy'),
    );
    expect(text(analyst)).toContain('["none","quasi","education"]');
    const writer = properties(standard, 'AWS::LakeFormation::PrincipalPermissions').filter(
      (p) => text(p.Principal).includes('role/campus-lake-stage') && text(p.Permissions) === '["ALL"]',
    );
    expect(writer).toHaveLength(5);
    // The run tags what it shows, of whichever role's making, and takes databases and tables from IAM; no other function can.
    const grants = properties(standard, 'AWS::LakeFormation::PrincipalPermissions');
    const passedOn = grants.filter((p) => text(p.PermissionsWithGrantOption) === '["ALL"]');
    const what = passedOn.map((p) => Object.keys(p.Resource as object).join());
    expect(what.sort()).toEqual([...Array(10).fill('Database'), ...Array(10).fill('Table')]);
    const run = /role\/campus-lake-(models|eraser)/;
    expect(passedOn.every((p) => run.test(text(p.Principal)))).toBe(true);
    const tagging = grants.filter((p) => text(p.Permissions) === '["ASSOCIATE","DESCRIBE"]');
    expect(tagging.map((p) => run.test(text(p.Principal)))).toEqual([true, true]);
    const mayTag = properties(standard, 'AWS::IAM::Policy').filter((p) =>
      text(p.PolicyDocument).includes('lakeformation:AddLFTagsToResource'),
    );
    // The models' function, and the role of erasures.
    expect(mayTag).toHaveLength(2);
    expect(text(frugal.stacks.get('pipeline'))).not.toContain('lakeformation:');
    expect(properties(standard, 'AWS::LakeFormation::DataLakeSettings')).toEqual([
      expect.objectContaining({ MutationType: 'APPEND' }),
    ]);
  });
});
