import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateDatabaseCommand, CreateTableCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  CreateLFTagCommand,
  GrantPermissionsCommand,
  type GrantPermissionsCommandInput,
  LakeFormationClient,
  ListPermissionsCommand,
} from '@aws-sdk/client-lakeformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRIVACY_CLASSES } from '../../../src/campus/catalog-schema.ts';
import {
  type GuardedMode,
  openToIam,
  REACHED_ACCESS,
  reachAccessMode,
} from '../../../src/platform/aws/lake-formation/access-mode.ts';
import { openLakeFormationGuard } from '../../../src/platform/aws/lake-formation/guard.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import type { ReachedAccess } from '../../../src/state/work-documents.ts';
import { CAMPUS, settingsFor } from '../../infra/campus.ts';
import { type Deployed, deploy, ofType } from '../../infra/deployed.ts';
import { resolved } from '../infra/policies.ts';
import { clientConfig } from './clients.ts';
import { startMoto } from './moto.ts';
import type { PythonServer } from './python-server.ts';

/**
 * A lake that IAM opened becomes one that Lake Formation closes, and the way back. The grants are those of the
 * template; moto keeps them and enforces nothing, so who reads what is worked out here from what it keeps.
 */

const ACCOUNT = '123456789012';
const TAG = 'campus-lake-privacy';
const EVERYBODY = 'IAM_ALLOWED_PRINCIPALS';
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const PEOPLE = { analysts: [role('ann')], stewards: [role('sue')], admins: [role('admin')] };
const PIPELINE = ['stage', 'models', 'warehouse', 'sweep', 'eraser'].map((name) =>
  role(`campus-lake-${name}`),
);
const COLUMNS = { id: 'direct', grade: 'education' } as const;
/** Tables of the time when IAM decided. */
const TABLES = ['sis.student', 'campus.students', 'lake_versions.sis__student__1', 'ops.steps'];

const lake: Deployed = deploy(
  settingsFor({ ...CAMPUS, aws: { access: { mode: 'lake-formation', ...PEOPLE } } }),
  { judged: false },
);
const databases = ofType(lake, 'AWS::Glue::Database')
  .map(([, { Properties }]) => (Properties.DatabaseInput as { Name: string }).Name)
  .filter((name) => name !== 'lake_drift');

let moto: PythonServer;
let folder: string;
let glue: GlueClient;
let lakeFormation: LakeFormationClient;
/** Whether Lake Formation says that it revoked, and does not. */
let isForgetful = false;

beforeAll(async () => {
  moto = await startMoto();
  folder = await mkdtemp(path.join(tmpdir(), 'access-mode-'));
  glue = new GlueClient(clientConfig(moto.endpoint));
  lakeFormation = new LakeFormationClient(clientConfig(moto.endpoint));
  lakeFormation.middlewareStack.add(
    (next, context) => async (args) =>
      isForgetful && context.commandName === 'BatchRevokePermissionsCommand'
        ? { output: { $metadata: {} }, response: {} }
        : next(args),
    { step: 'initialize' },
  );
  await lakeFormation.send(
    new CreateLFTagCommand({ CatalogId: ACCOUNT, TagKey: TAG, TagValues: [...PRIVACY_CLASSES] }),
  );
  for (const name of [...databases, 'payroll']) {
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: name } }));
    await open({ Database: { CatalogId: ACCOUNT, Name: name } });
  }
  for (const table of [...TABLES, 'payroll.people']) await makeOpenTable(table);
});
afterAll(async () => {
  await moto.stop();
  await rm(folder, { recursive: true });
});

/** What AWS does with whatever is made while the account's defaults, or the database's, let IAM decide. */
const open = (Resource: GrantPermissionsCommandInput['Resource']) =>
  lakeFormation.send(
    new GrantPermissionsCommand({
      CatalogId: ACCOUNT,
      Principal: { DataLakePrincipalIdentifier: EVERYBODY },
      Resource,
      Permissions: ['ALL'],
      PermissionsWithGrantOption: [],
    }),
  );

async function makeOpenTable(table: string): Promise<void> {
  const [DatabaseName, Name] = table.split('.');
  const Columns = Object.keys(COLUMNS).map((column) => ({ Name: column }));
  await glue.send(
    new CreateTableCommand({ DatabaseName, TableInput: { Name, StorageDescriptor: { Columns } } }),
  );
  await open({ Table: { CatalogId: ACCOUNT, DatabaseName, Name } });
}

const ledger = () => openLocalLedger(path.join(folder, 'ledger'));
const reach = (mode: GuardedMode) =>
  reachAccessMode({
    lakeFormation,
    glue,
    ledger: ledger(),
    clock: { now: () => 1_700_000_000_000, sleep: async () => {} },
    catalog: ACCOUNT,
    databases,
    mode,
    readers: [...PEOPLE.analysts, ...PEOPLE.stewards],
  });
const reached = async () => (await ledger().read<ReachedAccess>(REACHED_ACCESS))?.value;

async function grants() {
  const { PrincipalResourcePermissions = [] } = await lakeFormation.send(
    new ListPermissionsCommand({ CatalogId: ACCOUNT }),
  );
  return PrincipalResourcePermissions.map(({ Principal, Resource, Permissions = [] }) => ({
    principal: Principal?.DataLakePrincipalIdentifier ?? '',
    resource: Resource!,
    permissions: Permissions,
  }));
}
const openPlaces = async () =>
  (await grants())
    .filter(({ principal }) => principal === EVERYBODY)
    .map(({ resource: { Database, Table } }) => Database?.Name ?? `${Table?.DatabaseName}.${Table?.Name}`)
    .sort();

/** Who may select which columns of a table, whose columns have the classes of `COLUMNS`. */
async function readersOf(table: string): Promise<Record<string, string[]>> {
  const [database, name] = table.split('.');
  const readers: Record<string, string[]> = {};
  for (const { principal, resource, permissions } of await grants()) {
    const { Table, LFTagPolicy } = resource;
    const isOfTable = Table?.DatabaseName === database && (Table?.TableWildcard ?? Table?.Name === name);
    const may = permissions.includes('ALL') || permissions.includes('SELECT');
    if (!may || !(isOfTable || LFTagPolicy)) continue;
    const classes = LFTagPolicy?.Expression?.flatMap(({ TagValues = [] }) => TagValues);
    readers[principal] = Object.entries(COLUMNS)
      .filter(([, privacy]) => !classes || classes.includes(privacy))
      .map(([column]) => column);
  }
  return readers;
}

/** Makes the grants of the access stack, as CloudFormation would. */
async function deployGrants(): Promise<void> {
  for (const [, { Properties }] of ofType(lake, 'AWS::LakeFormation::PrincipalPermissions')) {
    const { Catalog, ...grant } = resolved(lake, 'access', Properties) as Record<string, unknown>;
    await lakeFormation.send(
      new GrantPermissionsCommand({ ...grant, CatalogId: Catalog } as GrantPermissionsCommandInput),
    );
  }
}

describe('A switch from IAM to Lake Formation', () => {
  const everything = () => [...databases, ...TABLES, 'payroll', 'payroll.people'].sort();

  it('takes nothing from IAM, and is not called done, before the grants are there', async () => {
    await expect(reach('lake-formation')).rejects.toMatchObject({
      name: 'AccessModeError',
      message: expect.stringMatching(
        /^Nothing was taken from IAM: .* the pipeline on the tables of \w+ and \d+ more/,
      ),
    });
    expect(await openPlaces()).toEqual(everything());
    expect(await reached()).toBeUndefined();
    expect(Object.keys(await readersOf('sis.student'))).toEqual([EVERYBODY]);
  });

  it('is not called done when Lake Formation has not done it', async () => {
    await deployGrants();
    const seen = await openToIam({ lakeFormation, catalog: ACCOUNT, databases });
    expect(seen).toHaveLength(databases.length + TABLES.length);
    expect(seen).toEqual(expect.arrayContaining(['the database campus', 'campus.students']));
    isForgetful = true;
    await expect(reach('lake-formation')).rejects.toMatchObject({
      name: 'AccessModeError',
      message: expect.stringMatching(
        /^aws\.access\.mode is lake-formation, and .* is still open to IAM and \d+ more$/,
      ),
    });
    isForgetful = false;
    expect(await reached()).toBeUndefined();
  });

  it('leaves no reader of any table but those who were granted it, by the run that tags', async () => {
    const guard = openLakeFormationGuard({
      lakeFormation,
      glue,
      ledger: ledger(),
      places: { account: ACCOUNT, databasePrefix: '' },
      tagKey: TAG,
      reachMode: () => reach('lake-formation'),
    });
    await guard.classify([{ table: 'campus.students', columns: COLUMNS }]);

    // Not the lake's: as it was.
    expect(await openPlaces()).toEqual(['payroll', 'payroll.people']);
    expect(await openToIam({ lakeFormation, catalog: ACCOUNT, databases })).toEqual([]);
    expect(await reached()).toEqual({
      mode: 'lake-formation',
      at: 1_700_000_000_000,
      changed: databases.length + TABLES.length,
    });
    for (const table of TABLES)
      expect(await readersOf(table)).toEqual({
        ...Object.fromEntries(PIPELINE.map((writer) => [writer, ['id', 'grade']])),
        [role('ann')]: ['grade'],
        [role('sue')]: ['id', 'grade'],
      });
  });

  it('holds for tables that are made, or restored, later', async () => {
    await makeOpenTable('campus.restored');

    expect(await reach('lake-formation')).toEqual({ changed: 1 });
    expect(await reach('lake-formation')).toEqual({ changed: 0 });
    expect(Object.keys(await readersOf('campus.restored'))).not.toContain(EVERYBODY);
  });

  it('is taken back by hybrid: what IAM opened before, and what came since, is open to it again', async () => {
    await glue.send(new CreateTableCommand({ DatabaseName: 'campus', TableInput: { Name: 'closed' } }));

    await reach('hybrid');

    expect(await openPlaces()).toEqual([...everything(), 'campus.restored', 'campus.closed'].sort());
    expect(await reached()).toMatchObject({ mode: 'hybrid' });
    expect(await reach('hybrid')).toEqual({ changed: 0 });
  });
});
