import { describe, expect, it } from 'vitest';
import { maintenanceWindow } from '../../lib/maintenance-window.ts';
import { taskNeeds } from '../../lib/sis/mapping-limits.ts';
import { sslMode } from '../../lib/sis/ssl-mode.ts';
import { CAMPUS, settingsFor } from './campus.ts';

/** The SIS of the campus with something else about it. */
const withSis = (change: object) => ({ sources: { sis: { ...CAMPUS.sources.sis, ...change } } });

describe('A profile', () => {
  it('fills in what campus.yaml leaves out, and only that', () => {
    expect(settingsFor(CAMPUS)).toMatchObject({
      profile: 'frugal',
      replication: { instance: 'dms.t3.micro', tablesPerTask: 500 },
      warehouse: { enabled: false, rpu: 4 },
      budget: 40,
      network: { reach: 'internet' },
    });
    const aws = { budget: 90, warehouse: { enabled: true }, replication: { instance: 'dms.c5.large' } };
    expect(settingsFor({ ...CAMPUS, aws }, { profile: 'standard' })).toMatchObject({
      profile: 'standard',
      replication: { instance: 'dms.c5.large', storageGb: 50 },
      warehouse: { enabled: true, rpuHoursPerDay: 12 },
      budget: 90,
    });
  });

  it('that there is not is refused with the nearest that there is', () => {
    expect(() => settingsFor(CAMPUS, { profile: 'frugl' })).toThrow('did you mean "frugal"?');
  });
});

describe('campus.yaml', () => {
  it.each([
    [{ name: 'Campus_Lake' }, 'lower-case'],
    [{ warehouse: { rpu: 6 } }, 'multiple of 8'],
    [{ logRetentionDays: 31 }, 'expected one of'],
    [{ account: '1234' }, 'twelve digits'],
    [{ network: { cidr: '10.0.0.0' } }, 'range of addresses'],
    [{ databasePrefix: 'college' }, 'ending with _'],
  ])('with aws: %j is refused', (aws, words) => {
    expect(() => settingsFor({ ...CAMPUS, aws })).toThrow(words);
  });

  it('chooses how the SIS is reached by what it says of the network', () => {
    const reach = (network: object) => settingsFor({ ...CAMPUS, aws: { network } }).network.reach;
    const existing = { vpc: 'vpc-0a1b', subnets: ['subnet-0a', 'subnet-0b'] };
    expect(reach({})).toBe('internet');
    expect(reach({ vpn: { gateway: '203.0.113.7', cidrs: ['10.0.0.0/16'] } })).toBe('vpn');
    expect(reach({ existing })).toBe('existing');
  });
});

describe('Data', () => {
  const asked = { ...CAMPUS, aws: { deleteData: true } };

  it.each([
    ['neither switch', CAMPUS, undefined, false, false],
    ['campus.yaml alone', asked, undefined, false, true],
    ['the command line alone', CAMPUS, 'campus-lake', false, true],
    ['the command line with another name', asked, 'yes', false, true],
    ['both', asked, 'campus-lake', true, false],
  ])('with %s', (_switches, campus, deleteData, deletesData, halfDeletesData) => {
    expect(settingsFor(campus, { deleteData })).toMatchObject({ deletesData, halfDeletesData });
  });
});

describe('A SIS', () => {
  const mode = (kind: string, ssl: string, certificate: boolean) =>
    sslMode('sis', settingsFor({ ...CAMPUS, ...withSis({ kind, ssl }) }).sis[0]![1], certificate);

  it('is encrypted as its database can', () => {
    expect(mode('postgres', 'verify-full', true)).toBe('verify-full');
    expect(mode('oracle', 'verify-full', true)).toBe('verify-ca');
    expect(mode('sqlserver', 'require', false)).toBe('require');
    expect(mode('mysql', 'disable', false)).toBe('none');
  });

  it('is refused where that cannot be as campus.yaml says', () => {
    expect(() => mode('mysql', 'require', false)).toThrow('DMS has no "require" for mysql');
    expect(() => mode('oracle', 'require', true)).toThrow('DMS has no "require" for oracle');
    expect(() => mode('postgres', 'verify-full', false)).toThrow('knows no certificate');
  });

  it('has the port of its database, where campus.yaml gives none', () => {
    const port = (kind: string) => settingsFor({ ...CAMPUS, ...withSis({ kind }) }).sis[0]![1].port;
    expect(['postgres', 'oracle', 'sqlserver', 'mysql'].map(port)).toEqual([5432, 1521, 1433, 3306]);
  });

  it('is counted into tasks before anything is deployed', () => {
    const needs = (tablesPerTask: number) =>
      taskNeeds(settingsFor({ ...CAMPUS, aws: { replication: { tablesPerTask } } }), 'sis');
    expect(needs(500)).toMatchObject({ tables: 2, tasks: 1 });
    expect(needs(1)).toMatchObject({ tables: 2, tasks: 2 });
    expect(needs(1).mappingBytes).toBeLessThan(needs(2).mappingBytes);
  });

  it('with more tables than tasks can hold is refused', () => {
    const settings = settingsFor({ ...CAMPUS, aws: { replication: { tablesPerTask: 1 } } });
    const [one] = settings.catalog.of('sis');
    const many = { ...settings, catalog: { ...settings.catalog, of: () => Array(201).fill(one) } };
    expect(() => taskNeeds(many, 'sis')).toThrow('201 tables make 201 tasks');
  });
});

describe('Maintenance', () => {
  it.each([
    ['America/Chicago', 'sun:20:00-sun:20:30'],
    ['Asia/Kolkata', 'sun:09:00-sun:09:30'],
    ['Pacific/Auckland', 'sun:01:00-sun:01:30'],
    ['Pacific/Honolulu', 'mon:00:00-mon:00:30'],
    ['Pacific/Kiritimati', 'sun:00:00-sun:00:30'],
  ])('in %s is on a Sunday afternoon', (timeZone, window) => {
    expect(maintenanceWindow(timeZone)).toBe(window);
  });
});
