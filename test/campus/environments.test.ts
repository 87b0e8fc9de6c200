import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CampusFileError } from '../../src/campus/errors.ts';
import { loadCampus } from '../../src/campus/load.ts';

const CAMPUS = `name: Riverbend College
timeZone: America/Chicago
sources:
  sis:
    kind: postgres
    host: db.example.edu
    database: sis
    user: lake
    password: { file: sis.password }
notify: [{ kind: console }]
aws:
  region: us-east-2
  alarmEmails: [team@example.edu]
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'environments-'));
});
afterEach(() => rm(folder, { recursive: true }));

const campusOf = async (environments: string, chosen?: string) => {
  await writeFile(join(folder, 'campus.yaml'), CAMPUS + environments);
  return (await loadCampus(folder, undefined, chosen)).campus;
};
const problemsOf = async (environments: string, chosen?: string): Promise<string[]> => {
  const error: unknown = await campusOf(environments, chosen).catch((e: unknown) => e);
  if (!(error instanceof CampusFileError)) return [];
  return error.problems.map(({ line, text }) => `${line}: ${text}`);
};

const TWO = `environments:
  dev:
    sources: { sis: { host: test-db.example.edu } }
  prod:
    profile: standard
    aws: { name: campus-lake, databasePrefix: '', account: '210987654321', alarmEmails: [ops@example.edu] }
`;

describe('An environment', () => {
  it('says what differs: maps are merged, lists and single values replaced', async () => {
    const prod = await campusOf(TWO, 'prod');
    expect(prod).toMatchObject({
      environment: 'prod',
      profile: 'standard',
      aws: { region: 'us-east-2', account: '210987654321', alarmEmails: ['ops@example.edu'] },
      sources: { sis: { host: 'db.example.edu', user: 'lake' } },
    });
    expect(prod.environments).toBeUndefined();
    const dev = await campusOf(TWO, 'dev');
    expect(dev.sources.sis).toMatchObject({ host: 'test-db.example.edu', database: 'sis' });
  });

  it('has a lake of its own on both targets, unless it names one', async () => {
    const dev = await campusOf(TWO, 'dev');
    expect([dev.lake, dev.aws?.name]).toEqual(['.lake-dev', 'campus-lake-dev']);
    const prod = await campusOf(TWO, 'prod');
    expect([prod.lake, prod.aws?.name]).toEqual(['.lake-prod', 'campus-lake']);
  });

  it('is not chosen by itself: the file without them is a lake too', async () => {
    const campus = await campusOf(TWO);
    expect(campus).toMatchObject({ lake: '.lake', profile: 'frugal' });
    expect(campus.environment).toBeUndefined();
    expect(Object.keys(campus.environments ?? {})).toEqual(['dev', 'prod']);
  });

  it('that there is not is refused with the nearest', async () => {
    expect(await problemsOf(TWO, 'prd')).toEqual([
      '15: environments: there is no "prd"; did you mean "prod"?; expected one of dev, prod',
    ]);
    expect((await problemsOf('', 'dev'))[0]).toContain('there are none in this file');
  });
});

describe('A mistake in an environment', () => {
  const WRONG = TWO.replace('profile: standard', 'profile: large');

  it('is named at its own line, whichever one is chosen', async () => {
    for (const chosen of [undefined, 'dev', 'prod'])
      expect(await problemsOf(WRONG, chosen)).toEqual([expect.stringMatching(/^18: profile: found "large"/)]);
  });

  it('of the rest of the file is named once', async () => {
    const text = (CAMPUS + TWO).replace('user: lake', 'usr: lake');
    await writeFile(join(folder, 'campus.yaml'), text);
    const error = (await loadCampus(folder, undefined, 'dev').catch((e: unknown) => e)) as CampusFileError;
    expect(error.problems.map(({ line }) => line)).toEqual([5, 8]);
  });

  it('by which two would be one lake on AWS is refused', async () => {
    const same = (account: string) => `environments:
  test: { aws: { name: college${account} } }
  prod: { aws: { name: college, account: '210987654321' } }
`;
    expect(await problemsOf(same(''))).toEqual([
      expect.stringMatching(/^16: environments\.prod: on AWS it would be the same lake as test \(college\)/),
    ]);
    expect(await problemsOf(same(", account: '123456789012'"))).toEqual([]);
  });
});

describe('The lake of a second Region', () => {
  const RECOVERY = '  recovery: { region: us-west-2 }\n';

  it('is the environment "recovery": the same databases, names and Region of its own, no copy of itself', async () => {
    const away = await campusOf(RECOVERY, 'recovery');
    expect(away).toMatchObject({
      environment: 'recovery',
      lake: '.lake-recovery',
      aws: {
        name: 'campus-lake-r',
        region: 'us-west-2',
        databasePrefix: '',
        alarmEmails: ['team@example.edu'],
        replication: { accountRoles: 'exist' },
        recoveryOf: { name: 'campus-lake', region: 'us-east-2' },
      },
    });
    expect(away.aws?.recovery).toBeUndefined();
    expect((await campusOf(RECOVERY)).aws?.recovery).toMatchObject({ region: 'us-west-2' });
  });

  it('goes with each environment that has one', async () => {
    const text = TWO.replace("databasePrefix: ''", "databasePrefix: '', recovery: { region: eu-west-1 }");
    const away = await campusOf(text, 'prod-recovery');
    expect(away).toMatchObject({
      profile: 'standard',
      aws: { name: 'campus-lake-r', account: '210987654321' },
    });
    expect(await problemsOf(text, 'dev-recovery')).toContainEqual(
      expect.stringContaining('there is no "dev-recovery"; did you mean "prod-recovery"?'),
    );
  });

  it('is another Region, and has a name that fits', async () => {
    expect(await problemsOf('  recovery: { region: us-east-2 }\n')).toEqual([
      expect.stringContaining('it is the Region of the lake itself, us-east-2'),
    ]);
    expect(
      await problemsOf('  name: a-college-of-letters\n  recovery: { region: us-west-2 }\n'),
    ).toContainEqual(expect.stringContaining('expected aws.recovery.name'));
  });
});
