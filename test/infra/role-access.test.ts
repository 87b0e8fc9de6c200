import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { CfnDataCellsFilter } from 'aws-cdk-lib/aws-lakeformation';
import { Construct } from 'constructs';
import { afterAll, describe, expect, it } from 'vitest';
import { roleAccessOf } from '../../lib/access/role-access.ts';
import { roleGrants } from '../../lib/access/role-grants.ts';
import type { Deployed } from '../../lib/change/deployed.ts';
import { settingsOf } from '../../lib/settings.ts';
import { campusSchema } from '../../src/campus/campus-schema.ts';
import { CAMPUS, settingsFor } from './campus.ts';
import { deploy, ofType } from './deployed.ts';

const root = mkdtempSync(join(tmpdir(), 'role-access-'));
afterAll(() => rmSync(root, { recursive: true }));
writeFileSync(
  join(root, 'access.yaml'),
  `
purposes: { records: a, aid: b, own: c }
roles:
  registrar:
    description: The office
    purposes: [records, aid]
    classes: { none: whole, quasi: whole }
    tables: { sis.users: id >= 100, sis.terms: all, canvas.users: all }
    deny: [canvas.users]
  student:
    description: Students
    attributes: [person]
    purposes: [own]
    classes: { quasi: whole }
    tables: { sis.users: all, sis.terms: id = session.person }
`,
);

const WHOLE = `
purposes: { records: a }
roles:
  steward:
    description: All
    purposes: [records]
    classes: { none: whole, quasi: whole, secret: whole }
    tables: { 'sis.*': all, canvas.users: all }
`;

const users = { id: 'bigint', national_id: 'varchar' };
const TABLES = { 'sis.users': users, 'sis.terms': users, 'canvas.users': users };

async function accessOf(groups: object, tables: Deployed['tables'] = TABLES, access: object = {}, at = root) {
  const aws = { access: { mode: 'lake-formation', identityStore: 'd-1234567890', groups, ...access } };
  const campus = { ...campusSchema.parse({ ...CAMPUS, aws }), root: at };
  const loaded = { campus, catalog: settingsFor(CAMPUS).catalog, warnings: [], oldNames: [] };
  const roleAccess = await roleAccessOf(loaded, { tables } as Deployed);
  return { roleAccess: roleAccess!, settings: settingsOf(loaded, { roleAccess }) };
}

/** The names of the filters of a role. */
async function filterNames(groups: object, tables?: Deployed['tables']): Promise<string[]> {
  const stack = new Stack();
  const names: string[] = [];
  const { roleAccess } = await accessOf(groups, tables);
  roleGrants(stack, {
    catalogId: '123456789012',
    databases: new Map([['sis', 'sis']]),
    groups: roleAccess.groups,
    tags: { privacy: 'p', database: 'd' },
    principals: new Map(
      roleAccess.groups.map(({ group }) => [group, { arn: group, found: new Construct(stack, group) }]),
    ),
    next(resource) {
      if (resource instanceof CfnDataCellsFilter) names.push(resource.name);
      return resource;
    },
  });
  return names;
}

describe('Groups of IAM Identity Center', async () => {
  const { settings } = await accessOf({ registrar: 'Registrar', student: 'Students' });
  const lake = deploy(settings, { judged: false });

  it('see the rows and columns of their role, and what cannot be said is named and closed', () => {
    const filters = ofType(lake, 'AWS::LakeFormation::DataCellsFilter');
    const whole = { ColumnNames: ['id'], RowFilter: { AllRowsWildcard: {} } };
    expect(filters.map(([, { Properties }]) => Properties)).toEqual([
      expect.objectContaining({
        DatabaseName: 'sis',
        TableName: 'users',
        ColumnNames: ['id'],
        RowFilter: { FilterExpression: '"id" >= 100' },
      }),
      expect.objectContaining({ TableName: 'terms', ...whole }),
      expect.objectContaining({ TableName: 'users', ...whole }),
    ]);
    expect(lake.warnings.filter((one) => one.includes('access.yaml'))).toEqual([
      expect.stringContaining('not opened: sis.terms (its rows depend on who asks (session.person))'),
    ]);
  });

  it('are found by their names, and get grants on the filters and databases of their role alone', () => {
    const found = ofType(lake, 'Custom::IdentityCenterGroup');
    const [id] = found.find(([, one]) => JSON.stringify(one).includes('Registrar'))!;
    const granted = ofType(lake, 'AWS::LakeFormation::PrincipalPermissions')
      .map(([, { Properties }]) => Properties)
      .filter(({ Principal }) => JSON.stringify(Principal).includes(id.split(/[./]/).at(-1)!));
    expect(
      granted.map(({ Permissions, Resource }) => [Permissions, Object.keys(Resource as object)]),
    ).toEqual([
      [['DESCRIBE'], ['Database']],
      [['SELECT'], ['DataCellsFilter']],
      [['SELECT'], ['DataCellsFilter']],
    ]);
  });

  it('ask in a workgroup of their own, whose answers no other policy reads', () => {
    const groups = ofType(lake, 'AWS::Athena::WorkGroup').map(([, { Properties }]) => Properties.Name);
    expect(groups).toContain('campus-lake-registrar-records');
    const policies = ofType(lake, 'AWS::IAM::ManagedPolicy').map(([, { Properties }]) => Properties);
    const reading = policies.filter((one) => JSON.stringify(one).includes('/role-registrar-records/'));
    expect(reading.map(({ ManagedPolicyName }) => ManagedPolicyName)).toEqual([
      'campus-lake-registrar-records',
    ]);
  });

  it('see nothing before it is known which tables there are', async () => {
    const { settings: first } = await accessOf({ registrar: 'Registrar' }, {});
    expect(first.roleAccess?.groups[0]?.views).toEqual([]);
  });

  it('keep a filter until what it shows changes, and then get one of another name', async () => {
    const before = await filterNames({ registrar: 'Registrar' });
    expect(before).toHaveLength(2);
    expect(await filterNames({ registrar: 'Registrar' })).toEqual(before);
    const wider = { ...TABLES, 'sis.terms': { id: 'integer' } };
    expect(await filterNames({ registrar: 'Registrar' }, wider)).toEqual(before);
    const narrower = { 'sis.users': users, 'sis.terms': { national_id: 'varchar' } };
    expect(await filterNames({ registrar: 'Registrar' }, narrower)).toEqual(before.slice(0, 1));
  });

  it('see by tags what classes alone decide, before any table is known', async () => {
    const own = mkdtempSync(join(tmpdir(), 'role-access-'));
    writeFileSync(join(own, 'access.yaml'), WHOLE);
    const { settings: tagged } = await accessOf({ steward: 'Stewards' }, {}, {}, own);
    rmSync(own, { recursive: true });
    const { Properties: tag } = ofType(deploy(tagged, { judged: false }), 'AWS::LakeFormation::Tag')
      .map(([, one]) => one)
      .find((one) => JSON.stringify(one).includes('campus-lake-database'))!;
    expect(tag).toMatchObject({ TagKey: 'campus-lake-database', TagValues: ['sis'] });
    const lakeOf = deploy(tagged, { judged: false });
    const associated = ofType(lakeOf, 'AWS::LakeFormation::TagAssociation').map(([, one]) => one.Properties);
    expect(associated).toContainEqual(
      expect.objectContaining({
        Resource: { Database: expect.objectContaining({ Name: 'sis' }) },
        LFTags: [expect.objectContaining({ TagKey: 'campus-lake-database', TagValues: ['sis'] })],
      }),
    );
    const granted = ofType(lakeOf, 'AWS::LakeFormation::PrincipalPermissions')
      .map(([, { Properties }]) => Properties)
      .filter(({ Resource }) => JSON.stringify(Resource).includes('campus-lake-database'));
    expect(granted).toEqual([
      expect.objectContaining({
        Permissions: ['SELECT', 'DESCRIBE'],
        Resource: {
          LFTagPolicy: expect.objectContaining({
            ResourceType: 'TABLE',
            Expression: [
              { TagKey: 'campus-lake-privacy', TagValues: ['none', 'quasi', 'secret'] },
              { TagKey: 'campus-lake-database', TagValues: ['sis'] },
            ],
          }),
        },
      }),
    ]);
  });

  it.each([
    [{ registrar: 'Both', student: 'Both' }, {}, 'the group "Both" has two roles'],
    [{ registar: 'Registrar' }, {}, 'the role "registar"; did you mean "registrar"?'],
    [{ 'registrar/own': 'Registrar' }, {}, 'the role registrar has no purpose "own"'],
    [{ registrar: 'Registrar' }, { identityStore: undefined }, 'no aws.access.identityStore'],
  ])('are refused: %j', async (groups, access, why) => {
    await expect(accessOf(groups, TABLES, access)).rejects.toThrow(why);
  });
});
