import { describe, expect, it } from 'vitest';
import { checkFunctions } from '../../../src/app/doctor/aws/check-functions.ts';
import { checkIdentity } from '../../../src/app/doctor/aws/check-identity.ts';
import { checkLakeFormation } from '../../../src/app/doctor/aws/check-lake-formation.ts';
import { checkReplication } from '../../../src/app/doctor/aws/check-replication.ts';
import type { AwsDoctorContext } from '../../../src/app/doctor/aws/context.ts';
import type { Check } from '../../../src/app/doctor/finding.ts';
import { InputError } from '../../../src/errors.ts';
import type { CloudAccount, SourceConnection } from '../../../src/ports/cloud-account.ts';

const ROLE = 'arn:aws:iam::111122223333:role/deployer';
const SESSION = 'arn:aws:sts::111122223333:assumed-role/deployer/me';

/** An account in which everything is as it should be, but for what a test changes. */
const accountWith = (changes: Partial<CloudAccount> = {}): CloudAccount => ({
  tablesPerTask: 500,
  caller: async () => ({ account: '111122223333', arn: SESSION, region: 'us-east-1' }),
  bootstrapVersion: async () => 21,
  findDeployed: async () => ({ rawBucket: 'lake-raw' }),
  accessSettings: async () => ({ admins: [ROLE], closesNewTables: false }),
  openToIam: async () => [],
  missingRoles: async () => [],
  functionsAtOnce: async () => ({ limit: 1000, free: 900 }),
  replicationQuotas: async () => [{ name: 'Endpoints', used: 3, max: 100 }],
  sourceConnections: async function* () {
    yield* [] as SourceConnection[];
  },
  ...changes,
});

async function findings(
  check: (context: AwsDoctorContext) => ReturnType<Check>,
  changes: Partial<CloudAccount> = {},
  aws: object = {},
  more: Partial<AwsDoctorContext> = {},
): Promise<string[]> {
  const campus = { sources: { sis: { role: 'sis', kind: 'postgres' } }, aws };
  const context = { campus, account: accountWith(changes), ...more } as unknown as AwsDoctorContext;
  const lines: string[] = [];
  for await (const { status, about, text } of await check(context)) lines.push(`${status} ${about}: ${text}`);
  return lines;
}

describe('the doctor of an AWS account', () => {
  it('says who calls, and that everything is there', async () => {
    expect(await findings(checkIdentity)).toEqual([
      `ok identity: ${SESSION}, in us-east-1`,
      'ok bootstrap: version 21',
      'ok deployed: the lake is there, its raw zone in the bucket lake-raw',
    ]);
  });

  it('fails for another account, and for an account without a bootstrap', async () => {
    const lines = await findings(
      checkIdentity,
      { bootstrapVersion: async () => undefined },
      { account: '9' },
    );
    expect(lines[0]).toBe(`fail identity: ${SESSION} is not of account 9`);
    expect(lines[1]).toContain('fail bootstrap');
    const old = await findings(checkIdentity, { bootstrapVersion: async () => 5 });
    expect(old[1]).toBe('warn bootstrap: version 5 is older than 6');
  });

  it('asks nothing more where nobody knows who calls', async () => {
    const caller = () => Promise.reject(new InputError('Log in.', { hint: 'aws sso login' }));
    expect(await findings(checkIdentity, { caller })).toEqual(['fail identity: Log in.']);
  });

  it('only warns of a lake that is not deployed yet', async () => {
    const findDeployed = () => Promise.reject(new InputError('There is no stack.', { hint: 'deploy' }));
    expect((await findings(checkIdentity, { findDeployed })).at(-1)).toBe(
      'warn deployed: There is no stack.',
    );
  });

  it('compares the functions of a run with those that the account may run at once', async () => {
    expect(await findings(checkFunctions)).toEqual([
      'ok functions: a run uses up to 24 at once, and 900 of 1000 are free',
    ]);
    const functionsAtOnce = async () => ({ limit: 10, free: 10 });
    expect(await findings(checkFunctions, { functionsAtOnce })).toEqual([
      expect.stringContaining('warn functions: a run uses up to 24 at once, and the account lets it have 10'),
    ]);
    expect(await findings(checkFunctions, { functionsAtOnce }, { tablesAtOnce: 10 })).toEqual([
      'ok functions: a run uses up to 10 at once, and 10 of 10 are free',
    ]);
    const refused = () => Promise.reject(new InputError('Reading the quota failed.', { hint: 'grant it' }));
    expect(await findings(checkFunctions, { functionsAtOnce: refused })).toEqual([
      'warn functions: Reading the quota failed.',
    ]);
  });

  it('knows an administrator of Lake Formation by the role of the session', async () => {
    const aws = { access: { mode: 'lake-formation' } };
    expect(await findings(checkLakeFormation, {}, aws, { caller: SESSION })).toEqual([
      expect.stringContaining('ok access: lake-formation'),
    ]);
    const other = { accessSettings: async () => ({ admins: [], closesNewTables: false }) };
    expect(await findings(checkLakeFormation, other, aws, { caller: SESSION })).toEqual([
      expect.stringContaining('there is none'),
    ]);
  });

  it('says what IAM still opens, only once the lake is deployed', async () => {
    const aws = { access: { mode: 'lake-formation' } };
    const openToIam = async () => ['the database campus'];
    const context = { caller: SESSION };
    expect((await findings(checkLakeFormation, { openToIam }, aws, context))[0]).toContain('ok access');
    expect(await findings(checkLakeFormation, { openToIam }, aws, { ...context, deployed: true })).toEqual([
      expect.stringContaining('IAM still opens 1 databases and tables'),
    ]);
  });

  it('warns of new tables that Lake Formation closes where IAM should decide', async () => {
    const accessSettings = async () => ({ admins: [], closesNewTables: true });
    expect(await findings(checkLakeFormation, { accessSettings })).toEqual([
      expect.stringContaining('closes new tables to IAM'),
    ]);
  });

  it('says of DMS which quotas are used up and how each source is reached', async () => {
    const changes: Partial<CloudAccount> = {
      replicationQuotas: async () => [{ name: 'Endpoints', used: 100, max: 100 }],
      sourceConnections: async function* () {
        yield { source: 'a', kind: 'tested' };
        yield { source: 'b', kind: 'tested', failure: {} };
        yield { source: 'c', kind: 'untested', status: 'testing' };
        yield { source: 'd', kind: 'serverless', running: true, failed: [] };
        yield { source: 'e', kind: 'serverless', running: false, failed: [] };
        yield { source: 'f', kind: 'serverless', running: true, failed: [{ id: 'r1', reason: 'no route' }] };
      },
    };
    expect(await findings(checkReplication, changes, {}, { deployed: true })).toEqual([
      'ok dms: its roles are there',
      'warn dms: Endpoints: 100 of 100 are used',
      'ok a: DMS reaches it',
      'fail b: DMS does not reach it: its console says why',
      'warn c: whether DMS reaches it is not known (testing)',
      'ok d: DMS reaches it: a serverless replication runs',
      'warn e: whether DMS reaches it is not known: serverless tests it when a load runs',
      'fail f: the serverless replication r1 has failed: no route',
    ]);
  });

  it('warns before a deployment of roles of DMS that somebody else made, and fails without those that must exist', async () => {
    expect((await findings(checkReplication))[0]).toContain('warn dms: the roles of DMS are there already');
    const missingRoles = async (roles: readonly string[]) => [...roles];
    expect((await findings(checkReplication, { missingRoles }))[0]).toBe('ok dms: its roles will be made');
    const aws = { replication: { accountRoles: 'exist' } };
    expect((await findings(checkReplication, { missingRoles }, aws))[0]).toBe(
      'fail dms: dms-vpc-role and dms-cloudwatch-logs-role are not there',
    );
  });
});
